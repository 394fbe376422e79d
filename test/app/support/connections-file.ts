import { writeFileSync } from 'node:fs';
import { SECRET_MEMBERS } from '../../../src/config/secret-members.js';
import type { Connections } from '../../../src/contracts/connections.js';

/**
 * Writes resolved connections as a person would: every secret a reference to the environment, times as durations.
 * @returns the environment that the references need.
 */
export function writeConnectionsFile(file: string, connections: Connections): Record<string, string> {
  const env: Record<string, string> = {};
  const byReference = (secret: unknown): object => {
    const variable = `TEST_SECRET_${Object.keys(env).length}`;
    env[variable] = String(secret);
    return { env: variable };
  };
  const written = (name: string, value: unknown): unknown => {
    if (SECRET_MEMBERS.has(name)) return Array.isArray(value) ? value.map(byReference) : byReference(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([member, inner]) =>
        member === 'expectEveryMs'
          ? ['expectEvery', inner === 0 ? 'never' : `${Number(inner) / 1_000}s`]
          : [member, written(member, inner)],
      ),
    );
  };
  writeFileSync(file, JSON.stringify(written('', connections)));
  return env;
}
