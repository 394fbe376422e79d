import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** An app that only runs its Redis; at the first signal it writes once more, stops Redis and ends, as an app drains. */
const SCRIPT = `
const { EmbeddedRedis } = await import(process.argv[1]);
const { Redis } = await import('ioredis');
const redis = await EmbeddedRedis.start(process.argv[2]);
const client = new Redis(redis.socket);
const end = async () => {
  await client.set('drained', 'yes');
  await client.quit();
  await redis.stop();
  process.exit(0);
};
process.once('SIGINT', end).once('SIGTERM', end);
console.log('up', (await client.info('server')).match(/process_id:(\\d+)/)[1]);
`;

export interface EmbeddedHost {
  readonly process: ChildProcess;
  readonly redisPid: number;
}

/** In a process group of its own, as a terminal gives it. Needs the build. */
export async function startHost(dataDir: string): Promise<EmbeddedHost> {
  const module = resolve('dist/redis/embedded-redis.js');
  const host = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, module, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  for await (const line of createInterface(host.stdout)) {
    const pid = /^up (\d+)$/.exec(line)?.[1];
    if (pid === undefined) continue;
    host.stdout.resume();
    return { process: host, redisPid: Number(pid) };
  }
  await once(host, 'exit');
  throw new Error('The host ended before its Redis was up.');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
