import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { EmbeddedRedis } from '../../../src/redis/embedded-redis.js';
import { defaultRedisBytes } from '../../../src/redis/redis-memory.js';
import { openRedis } from '../../../src/redis/open-redis.js';
import { checkRedisSafety } from '../../../src/redis/redis-safety.js';
import { eventually } from '../../support/eventually.js';
import { isAlive, startHost } from './embedded-host.js';

describe('EmbeddedRedis', () => {
  let dataDir: string;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(() => {
    dataDir = join(mkdtempSync(join(tmpdir(), 'signalman-data-')), 'data');
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    rmSync(join(dataDir, '..'), { recursive: true, force: true });
  });

  const start = async (folder = dataDir): Promise<EmbeddedRedis> => {
    const redis = await EmbeddedRedis.start(folder);
    stops.push(() => redis.stop());
    return redis;
  };
  const client = (socket: string): Redis => {
    const redis = new Redis(socket, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    stops.push(async () => {
      redis.disconnect();
      await Promise.resolve();
    });
    return redis;
  };
  const pidOf = async (redis: Redis): Promise<number> =>
    Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);

  it('keeps everything, for itself alone', async () => {
    const { socket } = await start();
    expect(await checkRedisSafety(client(socket))).toEqual([]);
    expect(statSync(join(dataDir, 'redis')).mode & 0o777).toBe(0o700);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(socket).mode & 0o777).toBe(0o700);
  });

  it('uses at most half of the memory there is, or what it is told', async () => {
    const limitOf = async (socket: string): Promise<number> =>
      Number((await client(socket).config('GET', 'maxmemory'))[1]);
    const first = await start();
    expect(await limitOf(first.socket)).toBe(defaultRedisBytes());
    await first.stop();
    const opened = await openRedis({
      dataDir,
      sandbox: false,
      limits: { backlogBytes: 1, backlogBatches: 1, backlogEffects: 1, redisBytes: 50_000_000 },
    });
    stops.push(() => opened.stop());
    expect(await limitOf(opened.address)).toBe(50_000_000);
  });

  it('has at the next start what was written before a clean stop', async () => {
    const first = await start();
    await client(first.socket).set('a', '1');
    await first.stop();
    expect(await client((await start()).socket).get('a')).toBe('1');
  });

  it('is started again when it dies, with its data', async () => {
    const { socket } = await start();
    const redis = client(socket);
    await redis.set('a', '1');
    const first = await pidOf(redis);
    process.kill(first, 'SIGKILL');
    expect(await redis.get('a')).toBe('1');
    expect(await pidOf(redis)).not.toBe(first);
  });

  it('leaves no process when its parent is killed with -9, and the next start has the data', async () => {
    const host = await startHost(dataDir);
    await client(join(dataDir, 'redis.sock')).set('a', '1');
    host.process.kill('SIGKILL');
    // At once, while the old Redis may still be ending.
    const next = await start();
    expect(await client(next.socket).get('a')).toBe('1');
    await eventually(() => !isAlive(host.redisPid));
  });

  it('ends the Redis that a crash of parent and guardian left running', async () => {
    const host = await startHost(dataDir);
    const guardian = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${host.redisPid}/status`, 'utf8'))?.[1]);
    await client(join(dataDir, 'redis.sock')).set('a', '1');
    host.process.kill('SIGSTOP');
    process.kill(guardian, 'SIGKILL');
    host.process.kill('SIGKILL');
    await once(host.process, 'exit');
    const next = await start();
    expect(await client(next.socket).get('a')).toBe('1');
    await eventually(() => !isAlive(host.redisPid));
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves the app until it has drained after %s to all of them',
    async (signal) => {
      const host = await startHost(dataDir);
      process.kill(-Number(host.process.pid), signal);
      expect(await once(host.process, 'exit')).toEqual([0, null]);
      expect(isAlive(host.redisPid)).toBe(false);
      expect(await client((await start()).socket).get('drained')).toBe('yes');
    },
  );

  it('refuses a second instance in one folder and leaves the first alone', async () => {
    const first = client((await start()).socket);
    await expect(EmbeddedRedis.start(dataDir)).rejects.toThrow(
      `(process ${process.pid}) runs in ${dataDir}: stop it`,
    );
    expect(await first.ping()).toBe('PONG');
  });

  it('lets the command line share the Redis of a running instance', async () => {
    const { socket } = await start();
    const shared = await openRedis({ dataDir, sandbox: false }, { share: true });
    expect(shared.address).toBe(socket);
    await shared.stop();
    expect(await client(socket).ping()).toBe('PONG');
  });

  it('recovers when the last write was cut short', async () => {
    const first = await start();
    const redis = client(first.socket);
    await redis.set('a', '1');
    await redis.set('b', '2');
    await first.stop();
    const folder = join(dataDir, 'redis', 'appendonlydir');
    const last = readdirSync(folder).find((name) => name.endsWith('.incr.aof')) ?? '';
    truncateSync(join(folder, last), statSync(join(folder, last)).size - 3);
    const again = client((await start()).socket);
    expect(await again.get('a')).toBe('1');
    expect(await again.get('b')).toBeNull();
  });

  it('says how to mend data that are damaged in the middle', async () => {
    await (await start()).stop();
    const folder = join(dataDir, 'redis', 'appendonlydir');
    const last = readdirSync(folder).find((name) => name.endsWith('.incr.aof')) ?? '';
    writeFileSync(join(folder, last), 'nonsense\r\nnonsense\r\n');
    await expect(EmbeddedRedis.start(dataDir)).rejects.toThrow(
      /are damaged: keep a copy of .*redis-check-aof --fix/,
    );
    // The lock is free again.
    await expect(EmbeddedRedis.start(dataDir)).rejects.toThrow('are damaged');
  });

  it('finds a place for its socket when the path of the folder is too long for one', async () => {
    const long = join(dataDir, 'x'.repeat(100));
    const { socket } = await start(long);
    expect(Buffer.byteLength(socket)).toBeLessThan(100);
    expect(await client(socket).ping()).toBe('PONG');
    await expect(EmbeddedRedis.start(long)).rejects.toThrow('Another Signalman');
  });

  it('says so when the data folder cannot be one', async () => {
    mkdirSync(join(dataDir, '..'), { recursive: true });
    writeFileSync(dataDir, '');
    await expect(EmbeddedRedis.start(dataDir)).rejects.toThrow(
      `Cannot keep data in ${dataDir}: there is a file`,
    );
  });
});
