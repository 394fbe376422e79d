import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isJsonObject, type JsonObject, parseJson } from '../../contracts/json.js';

/** Where plug-ins are looked for when nobody says where. */
const DEFAULT_FOLDER = 'plugins';
const ENTRY = 'index.mjs';

/** A plug-in that is there to be loaded. */
export interface PluginPlace {
  /** As people know it: the folder or the package as it was named. */
  readonly name: string;
  /** Absolute path of the ES module that is its entry. */
  readonly entry: string;
}

export interface PluginPlaces {
  readonly places: readonly PluginPlace[];
  /** A sentence for each that is not there. */
  readonly missing: readonly string[];
}

/**
 * @param wanted folders and names of packages; undefined: every folder in `./plugins`, if there is one
 * @param base absolute path of the folder where relative folders, and packages in `node_modules`, are looked for
 */
export function placesOfPlugins(wanted: readonly string[] | undefined, base: string): PluginPlaces {
  const found = (wanted ?? defaultFolders(base)).map((name) => placeOf(name, base));
  return {
    places: found.flatMap((each) => (typeof each === 'string' ? [] : [each])),
    missing: found.flatMap((each) => (typeof each === 'string' ? [each] : [])),
  };
}

function defaultFolders(base: string): string[] {
  const folder = join(base, DEFAULT_FOLDER);
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules' && isFolder(join(folder, name)))
    .sort()
    .map((name) => `./${DEFAULT_FOLDER}/${name}`);
}

function placeOf(name: string, base: string): PluginPlace | string {
  const asFolder = resolve(base, name);
  const folder = isFolder(asFolder) ? asFolder : packageFolder(name, base);
  if (folder === undefined) {
    const looked = /^[./]/.test(name) ? '' : ', nor a package in node_modules';
    return `The plug-in ${name} is not there: ${asFolder} is no folder${looked}.`;
  }
  const entry = join(folder, entryOf(folder));
  if (existsSync(entry)) return { name, entry };
  return `The plug-in ${name} cannot be loaded: there is no file ${entry}; a package.json with "exports" can name another.`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** As Node looks for packages: in `node_modules` of the folder and of every folder above it. */
function packageFolder(name: string, base: string): string | undefined {
  if (/^[./]/.test(name)) return undefined;
  for (let from = base; ; from = dirname(from)) {
    const folder = join(from, 'node_modules', name);
    if (isFolder(folder)) return folder;
    if (from === dirname(from)) return undefined;
  }
}

function entryOf(folder: string): string {
  const file = join(folder, 'package.json');
  const told = existsSync(file) ? parseJson(readFileSync(file)) : undefined;
  if (!isJsonObject(told)) return ENTRY;
  return exported(told['exports']) ?? (typeof told['main'] === 'string' ? told['main'] : ENTRY);
}

/** What `import` of the package itself gets, by the conditions that Node knows. */
function exported(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (!isJsonObject(exports)) return undefined;
  return exported(exports['.'] ?? firstOf(exports, ['node', 'import', 'default']));
}

function firstOf(exports: JsonObject, conditions: readonly string[]): unknown {
  return conditions.map((condition) => exports[condition]).find((target) => target !== undefined);
}
