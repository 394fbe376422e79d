import { writeFileSync } from 'node:fs';
import type { Connections } from '../../../src/contracts/connections.js';

/** Members that may only be given by reference. */
const SECRETS = new Set(['token', 'apiKey', 'webhookUrl', 'botToken', 'smtpUrl', 'secret', 'clientSecret']);

/**
 * Writes resolved connections as a person would: every secret a reference to the environment.
 * @returns the environment that the references need.
 */
export function writeConnectionsFile(file: string, connections: Connections): Record<string, string> {
  const env: Record<string, string> = {};
  const referring = (group: string, entries: Readonly<Record<string, object>>): object =>
    Object.fromEntries(
      Object.entries(entries).map(([name, connection]) => [
        name,
        Object.fromEntries(
          Object.entries(connection).map(([member, value]) => {
            if (!SECRETS.has(member)) return [member, value as unknown];
            const variable = `TEST_${group}_${name}_${member}`.toUpperCase().replaceAll('-', '_');
            env[variable] = String(value);
            return [member, { env: variable }];
          }),
        ),
      ]),
    );
  const text = JSON.stringify({
    sources: referring('source', connections.sources),
    destinations: referring('destination', connections.destinations),
  });
  writeFileSync(file, text);
  return env;
}
