import type { Clock } from '../contracts/clock.js';
import type { PluginDestination } from '../contracts/connections.js';
import { permanent } from '../contracts/failure.js';
import type { JsonObject } from '../contracts/json.js';
import type { HttpClient } from '../http/http-client.js';
import type { ConformanceSubject } from './conformance-subject.js';
import type { Plugin } from './plugin.js';
import { fillTexts } from './plugins/fill-texts.js';
import { loadPlugin } from './plugins/load-plugin.js';
import { PluginAction } from './plugins/plugin-action.js';
import { placesOfPlugins } from './plugins/plugin-places.js';
import { actionSchemaOf, kindOf, secretsOf } from './plugins/plugin-words.js';

/** The plug-in of a folder or package, not installed. Throws a `Failure` with every problem that it has. */
export async function readPlugin(name: string, base: string): Promise<Plugin> {
  const { places, missing } = placesOfPlugins([name], base);
  const [place] = places;
  if (place === undefined) throw permanent('config.plugins', missing.join('\n'));
  const loaded = await loadPlugin(place);
  if ('problems' in loaded) throw permanent('config.plugins', loaded.problems.join('\n'));
  return loaded.plugin;
}

/** A plug-in as the conformance suite tries it: with its example. `http` stays the caller's to close. */
export function pluginSubject(plugin: Plugin, http: HttpClient, clock: Clock): ConformanceSubject {
  const { params } = plugin.examples;
  const takesTexts = fillTexts(plugin.params, params, '') !== undefined;
  return {
    schema: actionSchemaOf(plugin),
    action: new PluginAction(plugin, http, clock),
    params,
    withText: takesTexts ? (text) => fillTexts(plugin.params, params, text) ?? params : undefined,
  };
}

/** A connection of the plug-in, on this machine, as the app would read it from its file. */
export function pluginConnection(plugin: Plugin, members: JsonObject): PluginDestination {
  const secret = secretsOf(plugin);
  const entries = Object.entries(members);
  return {
    kind: kindOf(plugin),
    settings: Object.fromEntries(entries.filter(([name]) => !secret.has(name))),
    secrets: Object.fromEntries(entries.filter(([name]) => secret.has(name))) as PluginDestination['secrets'],
    allowPrivateAddresses: true,
  };
}
