import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OWN_SOURCE } from '../contracts/batch.js';
import type { Connections } from '../contracts/connections.js';
import { permanent } from '../contracts/failure.js';
import { isJsonObject } from '../contracts/json.js';
import { completeConnection } from './complete-connection.js';
import { ConnectionsText } from './connections-text.js';
import { crossCheckDestination, crossCheckSource } from './cross-checks.js';
import { DESTINATION_DTOS } from './destination-dtos.js';
import { ObjectReader } from './object-reader.js';
import { pluginDestination, pluginDtos } from './plugin-kinds.js';
import type { Members } from './shape.js';
import { SOURCE_DTOS } from './source-dtos.js';

/** Asked anew for each file: the kinds of plug-ins become known at the start. */
const GROUPS = {
  sources: () => SOURCE_DTOS,
  destinations: () => ({ ...DESTINATION_DTOS, ...pluginDtos() }),
} as const;
const CROSS_CHECKS = { sources: crossCheckSource, destinations: crossCheckDestination } as const;
/** It stands in a URL or in the `to` of a rule. */
const NAME = /^[A-Za-z0-9][\w.-]*$/;

/**
 * Reads the connections file (JSON with comments) and follows its references to secrets. Throws one `Failure` with
 * every problem, each with line and column.
 *
 * @returns deeply frozen; undefined when there is no such file
 */
export async function loadConnections(
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<Connections | undefined> {
  const content = await read(file);
  if (content === undefined) return undefined;
  const text = new ConnectionsText(file, content);
  const reader = new ObjectReader(text, { env, folder: dirname(file) });
  const root = isJsonObject(text.value) ? text.value : undefined;
  if (root === undefined) text.problem([], 'give an object with sources and destinations');
  for (const name of Object.keys(root ?? {}).filter((key) => key !== '$schema' && !(key in GROUPS))) {
    text.unknownWord([name], 'member', name, Object.keys(GROUPS));
  }
  const connections = {
    sources: readGroup('sources', root ?? {}, text, reader) as Connections['sources'],
    destinations: readGroup('destinations', root ?? {}, text, reader) as Connections['destinations'],
  };
  text.throwIfWrong();
  return deepFreeze(connections);
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw permanent(
      'config.connections',
      `The connections file ${file} cannot be read (${String(code)}).`,
      error,
    );
  }
}

function readGroup(
  group: keyof typeof GROUPS,
  root: Members,
  text: ConnectionsText,
  reader: ObjectReader,
): object {
  const entries = root[group] ?? {};
  if (!isJsonObject(entries)) {
    text.problem([group], 'give an object of connections by name');
    return {};
  }
  const shape = { namedBy: 'kind', of: GROUPS[group]() };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, entry]) => {
      const at = [group, name];
      if (!NAME.test(name)) text.problem(at, 'a name has letters, digits, ".", "_" and "-" only');
      const connection = reader.read(at, entry, shape);
      if (name === OWN_SOURCE)
        text.problem(at, `${name} is the name of our own ${group.slice(0, -1)}: give it another name`);
      if (isJsonObject(entry))
        for (const problem of CROSS_CHECKS[group](entry))
          text.problem([...at, ...problem.at], problem.sentence);
      if (connection === undefined) return [];
      const plugged = group === 'destinations' ? pluginDestination(connection) : undefined;
      return [[name, plugged ?? completeConnection(connection, isJsonObject(entry) ? entry : {})]];
    }),
  );
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member as object);
  return Object.freeze(value);
}
