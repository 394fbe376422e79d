import type { AppConfig } from '../../config/app-config.js';
import { loadConnections } from '../../config/load-connections.js';
import type { Connections } from '../../contracts/connections.js';
import { permanent } from '../../contracts/failure.js';
import type { Destinations } from '../../queues/lanes.js';
import { SANDBOX_DESTINATIONS } from '../../sandbox/sandbox-destinations.js';
import { readSandboxFile } from '../../sandbox/sandbox-file.js';

/** The connections that the app runs with: the file's, or those of the sandbox. Throws a `Failure` without any. */
export async function connectionsOf({ sandbox, dataDir, connectionsFile }: AppConfig): Promise<Connections> {
  if (sandbox) return { destinations: {}, ...(await readSandboxFile(dataDir)).connections };
  const connections = await loadConnections(connectionsFile, process.env);
  if (connections === undefined) throw permanent('config.connections', `${connectionsFile} is gone.`);
  return connections;
}

/** By name what can be sent to; of the sandbox also while it does not run. Throws a `Failure` without any connections. */
export async function destinationsOf(config: AppConfig): Promise<Destinations> {
  if (!config.sandbox) return (await connectionsOf(config)).destinations;
  return Object.fromEntries(Object.entries(SANDBOX_DESTINATIONS).map(([name, kind]) => [name, { kind }]));
}
