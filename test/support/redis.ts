import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type GuardedProcess, startGuarded } from '../../src/redis/guarded-process.js';
import { findRedisBinary } from '../../src/redis/redis-binary.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const STOP_MS = 5_000;

export interface RedisForTest {
  readonly url: string;
  readonly port: number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** Kills it like a crash; its data stays for `restart`. */
  kill9(): Promise<void>;
  /** On the same port with the same data. */
  restart(): Promise<void>;
  /** On the same port without its data, as if its disk had been lost. */
  restartEmpty(): Promise<void>;
  /** Redis hangs: connections stay open and nothing is answered, until `resume`. */
  pause(): void;
  resume(): void;
}

export interface RedisForTestOptions {
  /** Append-only file with a sync on every write, as in production. On by default, so that `kill9` loses nothing. */
  readonly durable?: boolean;
  /** More arguments for redis-server. */
  readonly args?: readonly string[];
}

/** A Redis of the test's own on a free port; it dies with the test's process, even when that is killed. */
export async function startRedis(options: RedisForTestOptions = {}): Promise<RedisForTest> {
  const folder = mkdtempSync(join(tmpdir(), 'signalman-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const start = async (): Promise<GuardedProcess> => {
    const log: string[] = [];
    const redis = await startGuarded(command(port, folder, options), (line) => log.push(line));
    await ready(url, redis, log);
    return redis;
  };
  let running = await start();
  const stop = async (): Promise<void> => {
    if (!running.isRunning()) return;
    process.kill(running.pid, 'SIGCONT');
    await running.stop(STOP_MS);
  };
  return {
    url,
    port,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
    kill9: async () => {
      process.kill(running.pid, 'SIGKILL');
      await running.ended;
    },
    restart: async () => {
      await stop();
      running = await start();
    },
    restartEmpty: async () => {
      await stop();
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      running = await start();
    },
    pause: () => process.kill(running.pid, 'SIGSTOP'),
    resume: () => process.kill(running.pid, 'SIGCONT'),
  };
}

function command(port: number, folder: string, { durable = true, args = [] }: RedisForTestOptions): string[] {
  const journal = durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [];
  return [
    findRedisBinary(),
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--maxmemory', '1gb', '--maxmemory-policy', 'noeviction', ...journal, ...args],
  ];
}

async function ready(url: string, redis: GuardedProcess, log: readonly string[]): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await eventually(async () => {
      if (!redis.isRunning()) return true;
      if (client.status !== 'ready') await client.connect();
      return client.ping();
    });
  } finally {
    client.disconnect();
  }
  if (!redis.isRunning()) throw new Error(`redis-server did not start:\n${log.slice(-10).join('\n')}`);
}
