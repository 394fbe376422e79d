import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { request } from 'undici';
import { freePort } from '../../test/support/free-port.js';
import { serve } from '../line/processes.js';
import type { Deliveries } from './deliveries.js';
import type { Usage } from './probe.js';

export const SERVERS = ['signalman', 'bare', 'grouped'] as const;
export type ServerName = (typeof SERVERS)[number];

export interface Door {
  /** Where deliveries go. */
  readonly url: string;
  usage(): Promise<Usage>;
  readonly stop: () => Promise<void>;
}

export interface Surroundings {
  readonly redisUrl: string;
  readonly folder: string;
  readonly keyOrigin: string;
  readonly deliveries: Deliveries;
}

/** Starts one of the servers as a process of its own, with a probe inside. */
export async function startDoor(name: ServerName, around: Surroundings): Promise<Door> {
  const probePort = await freePort();
  const common = {
    REDIS_URL: around.redisUrl,
    PROBE_PORT: String(probePort),
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'probe.js')).href}`,
    NODE_ENV: 'production',
  };
  const served =
    name === 'signalman'
      ? await serve(join(import.meta.dirname, '../../src/main.js'), '/health/ready', {
          ...common,
          ...signalmanFiles(around),
        })
      : await serve(join(import.meta.dirname, 'bare-server.js'), '/', {
          ...common,
          GROUP: name === 'grouped' ? 'yes' : 'no',
        });
  return {
    url: `${served.origin}/ingest/adobe/bench`,
    usage: async () => (await (await request(`http://127.0.0.1:${probePort}`)).body.json()) as Usage,
    stop: () => served.stop(),
  };
}

/** The door alone: no worker takes anything away, so what may wait is far above what is sent. */
function signalmanFiles({ folder, keyOrigin, deliveries }: Surroundings): Record<string, string> {
  const rules = join(folder, 'rules');
  mkdirSync(rules, { recursive: true });
  const connections = join(folder, 'connections.json');
  const bench = { kind: 'adobe', clientId: deliveries.clientId, keyOrigin };
  writeFileSync(connections, JSON.stringify({ sources: { bench }, destinations: {} }));
  return {
    SIGNALMAN_ROLE: 'ingest',
    SIGNALMAN_DATA: join(folder, 'data'),
    SIGNALMAN_RULES: rules,
    SIGNALMAN_CONNECTIONS: connections,
    SIGNALMAN_BACKLOG_BYTES: '64gb',
    SIGNALMAN_BACKLOG_BATCHES: '100000000',
  };
}
