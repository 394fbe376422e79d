import { pathToFileURL } from 'node:url';
import { errorDetails } from '../../contracts/error-details.js';
import { isJsonObject } from '../../contracts/json.js';
import type { Plugin } from '../plugin.js';
import { problemsOfPlugin } from './check-plugin.js';
import type { PluginPlace } from './plugin-places.js';

export type LoadedPlugin =
  | { readonly name: string; readonly plugin: Plugin }
  /** A sentence each. */
  | { readonly problems: readonly string[] };

/** Runs the module of a plug-in and looks at what it exports. Never throws for what is the plug-in's fault. */
export async function loadPlugin({ name, entry }: PluginPlace): Promise<LoadedPlugin> {
  let module: unknown;
  try {
    module = await import(pathToFileURL(entry).href);
  } catch (error) {
    const reason = errorDetails(error).message.replaceAll(/\s+/g, ' ');
    return { problems: [`The plug-in ${name} cannot be loaded: ${reason} (${entry}).`] };
  }
  const exported = isJsonObject(module) ? module['default'] : undefined;
  const problems = problemsOfPlugin(exported);
  if (problems.length > 0)
    return { problems: problems.map((problem) => `The plug-in ${name}: ${problem} (${entry}).`) };
  return { name, plugin: exported as Plugin };
}
