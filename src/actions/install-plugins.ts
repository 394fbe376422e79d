import { DESTINATION_DTOS } from '../config/destination-dtos.js';
import { addPluginKind } from '../config/plugin-kinds.js';
import { permanent } from '../contracts/failure.js';
import { ACTION_SCHEMAS, addActionSchema } from './action-schemas.js';
import type { Plugin } from './plugin.js';
import { addInstalled } from './plugins/installed-plugins.js';
import { loadPlugin } from './plugins/load-plugin.js';
import { placesOfPlugins } from './plugins/plugin-places.js';
import { actionSchemaOf, connectionMembersOf, kindOf } from './plugins/plugin-words.js';

/**
 * Loads the plug-ins and makes their kinds known, before anything reads a rule or a connection. A kind that is known
 * already is refused, and so is a second install of the same. Throws one `Failure` with a sentence for everything that
 * is wrong with any of them, since rules of a kind that is missing would be refused.
 *
 * @param wanted as in `SIGNALMAN_PLUGINS`: folders and names of packages; undefined: every folder in `./plugins`
 * @param base absolute path of the folder where relative folders, and packages, are looked for
 */
export async function installPlugins(wanted: readonly string[] | undefined, base: string): Promise<void> {
  const { plugins, problems } = await loadPlugins(wanted, base);
  if (problems.length > 0) throw permanent('config.plugins', problems.join('\n'));
  for (const plugin of plugins) install(plugin);
}

async function loadPlugins(wanted: readonly string[] | undefined, base: string) {
  const { places, missing } = placesOfPlugins(wanted, base);
  const problems = [...missing];
  const plugins: Plugin[] = [];
  const owners = new Map(
    [...ACTION_SCHEMAS.keys(), ...Object.keys(DESTINATION_DTOS)].map((type) => [type, 'Signalman']),
  );
  for (const place of places) {
    const loaded = await loadPlugin(place);
    if ('problems' in loaded) {
      problems.push(...loaded.problems);
      continue;
    }
    const { type } = loaded.plugin;
    const owner = owners.get(type);
    if (owner !== undefined)
      problems.push(`The plug-in ${place.name} brings "${type}", which ${owner} has: give it another type.`);
    owners.set(type, `the plug-in ${place.name}`);
    plugins.push(loaded.plugin);
  }
  return { plugins, problems };
}

function install(plugin: Plugin): void {
  addActionSchema(actionSchemaOf(plugin));
  addPluginKind(kindOf(plugin), connectionMembersOf(plugin));
  addInstalled(plugin);
}
