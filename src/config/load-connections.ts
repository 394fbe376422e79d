import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import type { Connections, Destination, SourceConnection } from '../contracts/connections.js';
import { permanent } from '../contracts/failure.js';
import { DESTINATION_DTOS, SOURCE_DTOS } from './connection-dtos.js';
import { ConnectionsText } from './connections-text.js';
import { type Resolved, resolveMember, type SecretSources } from './secret-references.js';

type Members = Readonly<Record<string, unknown>>;
type Dto = new () => object;

const GROUPS = { sources: SOURCE_DTOS, destinations: DESTINATION_DTOS } as const;
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
  const secrets = { env, folder: dirname(file) };
  const root = members(text.value) ?? {};
  if (members(text.value) === undefined) text.problem([], 'give an object with sources and destinations');
  for (const name of Object.keys(root).filter((key) => key !== '$schema' && !(key in GROUPS))) {
    text.unknownWord([name], 'member', name, Object.keys(GROUPS));
  }
  const connections = {
    sources: readGroup('sources', root, text, secrets) as Record<string, SourceConnection>,
    destinations: readGroup('destinations', root, text, secrets) as Record<string, Destination>,
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
  secrets: SecretSources,
): Record<string, object> {
  const entries = members(root[group] ?? {});
  if (entries === undefined) text.problem([group], 'give an object of connections by name');
  const read: Record<string, object> = {};
  for (const [name, value] of Object.entries(entries ?? {})) {
    const at = [group, name];
    const entry = members(value);
    if (!NAME.test(name)) text.problem(at, 'a name has letters, digits, ".", "_" and "-" only');
    if (entry === undefined) text.problem(at, 'give an object with a kind');
    else read[name] = readConnection(at, entry, GROUPS[group], text, secrets);
  }
  return read;
}

function readConnection(
  at: string[],
  entry: Members,
  dtos: Readonly<Record<string, Dto>>,
  text: ConnectionsText,
  secrets: SecretSources,
): object {
  const kind = typeof entry['kind'] === 'string' ? entry['kind'] : '';
  const dto = Object.hasOwn(dtos, kind) ? dtos[kind] : undefined;
  if (dto === undefined) {
    text.unknownWord([...at, 'kind'], 'kind', kind, Object.keys(dtos));
    return {};
  }
  const known = memberNames(dto);
  const failed = new Set<string>();
  const resolved: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entry)) {
    const member: Resolved = resolveMember(name, value, secrets);
    if (!known.includes(name)) text.unknownWord([...at, name], 'member', name, known);
    else if ('value' in member) resolved[name] = member.value;
    else {
      text.problem([...at, name], member.problem);
      failed.add(name);
    }
  }
  const connection = plainToInstance(dto, resolved, { exposeDefaultValues: true });
  for (const { property, constraints } of validateSync(connection)) {
    if (failed.has(property)) continue;
    const form = Object.values(constraints ?? {})[0] ?? '';
    text.problem([...at, property], property in resolved ? `give ${form}` : `it is missing: give ${form}`);
  }
  return withOrigin(
    Object.fromEntries(Object.entries(connection).filter(([, value]) => value !== undefined)),
  );
}

/** The one default that depends on another member. */
function withOrigin(connection: Record<string, unknown>): object {
  if (connection['kind'] !== 'marketo' || typeof connection['munchkinId'] !== 'string') return connection;
  return {
    ...connection,
    origin: connection['origin'] ?? `https://${connection['munchkinId']}.mktorest.com`,
  };
}

function memberNames(dto: Dto): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}

function members(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member as object);
  return Object.freeze(value);
}
