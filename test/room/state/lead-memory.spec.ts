import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { memoKey, ownerKey, STORED_KEY } from '../../../src/redis/keys.js';
import { COMPACT_HASHES } from '../../../src/redis/embedded-redis.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

/** So many that the tables of Redis are nearly full, as they are on average between two growths. */
const LEADS = 7_500;
const LEADS_A_BATCH = 500;
const KEEP_MS = 30 * 24 * 3_600_000;

describe('What RedisMemory takes of Redis', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let memory: RedisMemory;

  beforeAll(async () => {
    server = await startRedis({ durable: false, args: COMPACT_HASHES });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    memory = new RedisMemory(connections);
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });

  async function usedMemory(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  }

  async function append(owners: readonly string[], fields: readonly string[], bytes: number): Promise<void> {
    await redis.hset(STORED_KEY, 'b', '{}');
    for (let at = 0; at < owners.length; at += LEADS_A_BATCH) {
      const touches = owners
        .slice(at, at + LEADS_A_BATCH)
        .flatMap((owner) =>
          fields.map((field) => ({ owner, field, append: randomBytes(bytes), keepMs: KEEP_MS })),
        );
      await memory.exchange('b', { touches, merges: [], erasures: [] });
      await redis.unlink(memoKey('b'));
    }
  }

  const leads = (count: number): string[] =>
    Array.from({ length: count }, () => randomBytes(12).toString('base64url'));

  it.each([
    { windows: 1, events: 1, limit: 200 },
    { windows: 3, events: 5, limit: 3 * 130 },
  ])(
    'is at most $limit bytes a lead for $events events in $windows windows',
    async ({ windows, events, limit }) => {
      const fields = ['opens-30', 'visit-30', 'forms-30'].slice(0, windows);
      // What Redis takes once, for connections and scripts, is no matter of leads.
      await append(leads(LEADS_A_BATCH), fields, 8);
      await redis.flushall();
      const before = await usedMemory();
      const owners = leads(LEADS);
      for (let event = 0; event < events; event += 1) await append(owners, fields, 8);
      const bytes = ((await usedMemory()) - before) / LEADS;
      expect(bytes).toBeGreaterThan(100);
      expect(bytes).toBeLessThan(limit);
    },
  );

  it('is one piece of memory a lead, with long logs and what waits beside them', async () => {
    const [lead = ''] = leads(1);
    await append([lead], ['opens-30', 'visit-30'], 400 * 8);
    await redis.hset(ownerKey(lead), '~k1', JSON.stringify({ event: 'x'.repeat(4_000) }));
    expect(await redis.object('ENCODING', ownerKey(lead))).toBe('listpack');
  });
});
