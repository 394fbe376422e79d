import type { Redis } from 'ioredis';
import { claimsKey, QUEUE_PREFIX, REMEMBER_MS } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SeenEvents } from '../../../src/state/seen-events.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const BATCH = 500;
/** As long as the ids of lead activities. */
const ID = '123-ABC-456:12345678-9876-a191-4567-';
/** On both sides of where sets get names of one more digit. Below that buffers of connections weigh as much as events. */
const VOLUMES = [6_500, 7_000, 8_000, 10_000, 30_000, 100_000, 107_000, 115_000, 130_000, 200_000];
const LIMIT = 40;
const EVENTS = 125_000;

describe('The memory of SeenEvents', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let seen: SeenEvents;
  let now = Date.parse('2026-11-24T10:00:00Z');

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    seen = new SeenEvents(connections, { now: () => now });
    // What Redis takes once, for connections and scripts, is no matter of events.
    await claim('first', 0, BATCH);
    await redis.flushall();
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });

  async function claim(owner: string, from: number, to: number): Promise<number> {
    const ids = Array.from({ length: to - from }, (_, i) => ({ id: `${ID}${from + i}` }));
    const answers = await seen.claim(owner, ids);
    await redis.del(claimsKey(owner));
    return answers.filter(Boolean).length;
  }

  async function claimAll(owner: string, from: number, to: number): Promise<number> {
    let granted = 0;
    for (let at = from; at < to; at += BATCH) granted += await claim(owner, at, Math.min(to, at + BATCH));
    return granted;
  }

  async function usedMemory(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  }

  it('takes less than forty bytes an event, however many there are, and knows each of them', async () => {
    const before = await usedMemory();
    const bytes = new Map<number, number>();
    let done = 0;
    for (const volume of VOLUMES) {
      expect(await claimAll('b', done, volume)).toBe(volume - done);
      done = volume;
      bytes.set(volume, ((await usedMemory()) - before) / volume);
    }
    expect([...bytes].filter(([, each]) => !(each > 6 && each < LIMIT))).toEqual([]);
    expect(await claimAll('c', 0, done)).toBe(0);
  });

  it('takes less than that for each of the last ten days, when a period is over and its like is kept beside it', async () => {
    await redis.flushall();
    const before = await usedMemory();
    await claimAll('b', 0, EVENTS);
    now += REMEMBER_MS;
    await claimAll('c', EVENTS, 2 * EVENTS);
    expect(((await usedMemory()) - before) / EVENTS).toBeLessThan(LIMIT);
  });

  it('has every set in the encoding of eight bytes an integer, far from where Redis leaves it', async () => {
    const sets = await redis.keys(`${QUEUE_PREFIX}:seen:*:*`);
    const encodings = await Promise.all(sets.map((key) => redis.object('ENCODING', key)));
    const sizes = await Promise.all(sets.map((key) => redis.scard(key)));
    expect(sets.length).toBeGreaterThan(4_000);
    expect(new Set(encodings)).toEqual(new Set(['intset']));
    expect(Math.max(...sizes)).toBeLessThan(500);
  });
});
