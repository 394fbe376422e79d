import { Logger } from '@nestjs/common';
import { EPOCH_KEY, PURPOSE_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { beginningOf, RedisEpoch } from '../../../src/redis/redis-epoch.js';
import { claimFor } from '../../../src/redis/redis-purpose.js';
import { eventually } from '../../support/eventually.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';

describe('RedisEpoch', () => {
  let server: RedisForTest;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    server = await startRedis();
    await claimFor(server.url, 'live');
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await server.stop();
  });

  /** A process that counts what it is told, and how to read a key. */
  async function start(): Promise<{ losses: number; get: (key: string) => Promise<string | null> }> {
    const connections = new RedisConnections(server.url);
    const redis = connections.forWorkers();
    const epoch = new RedisEpoch(connections);
    const seen = { losses: 0, get: (key: string) => redis.get(key) };
    epoch.onLoss(() => Promise.reject(new Error('a listener that fails keeps nobody else from hearing it')));
    epoch.onLoss(() => {
      seen.losses += 1;
    });
    await epoch.onModuleInit();
    ends.push(async () => {
      epoch.onApplicationShutdown();
      await connections.close();
    });
    return seen;
  }

  it('says nothing when Redis comes back with its data', async () => {
    const seen = await start();
    const before = await seen.get(EPOCH_KEY);
    await server.kill9();
    await server.restart();
    // A second process has made its first look when it has the same id; the first looks as often.
    await (await start()).get(EPOCH_KEY);
    expect(await seen.get(EPOCH_KEY)).toBe(before);
    expect(seen.losses).toBe(0);
  });

  it('tells every process once when Redis comes back empty, and marks whose it is again', async () => {
    const processes = [await start(), await start()];
    const before = await processes[0]?.get(EPOCH_KEY);
    const lostAt = Date.now();
    await server.restartEmpty();
    await eventually(() => processes.every(({ losses }) => losses === 1));
    expect(beginningOf((await processes[0]?.get(EPOCH_KEY)) ?? null)).toBeGreaterThanOrEqual(lostAt);
    expect(await processes[0]?.get(PURPOSE_KEY)).toBe('live');
    expect(await processes[0]?.get(EPOCH_KEY)).not.toBe(before);
    await expect(claimFor(server.url, 'sandbox')).rejects.toThrow('was meant for real connections');

    await server.restartEmpty();
    await eventually(() => processes.every(({ losses }) => losses === 2));
  });
});
