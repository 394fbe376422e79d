import type { Redis } from 'ioredis';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import type { Tally } from '../../../src/contracts/tally.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { BACKLOG_KEY, claimsKey, memoKey } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const LEDGER = '{signalman}:a-ledger';
const TWO = [Buffer.from('first'), Buffer.from([0, 255, 1])];

const batchOf = (bodies: readonly Buffer[]): StoredBatch => ({
  v: 1,
  source: 's',
  kind: 'events',
  route: 'webhook',
  mode: 'live',
  receivedAt: '2026-05-04T10:00:00.000Z',
  lengths: bodies.map(({ length }) => length),
});

describe('BatchBodies', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let bodies: BatchBodies;

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    bodies = new BatchBodies(redis);
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
  });

  const put = async (jobId: string, some = TWO, tallies: readonly Tally[] = []): Promise<void> => {
    await bodies.put(jobId, batchOf(some), some, tallies);
  };

  it('gives back each body, byte for byte, until they are dropped', async () => {
    await put('b1');
    expect(await bodies.get('b1', [5, 3])).toEqual(TWO);
    await bodies.finish('b1', []);
    expect(await bodies.get('b1', [5, 3])).toBeUndefined();
  });

  it('knows how much is stored and not yet seen through', async () => {
    await put('b1');
    await put('b2', [Buffer.alloc(100)]);
    expect(await redis.hgetall(BACKLOG_KEY)).toEqual({ bytes: '108', batches: '2' });
    await bodies.finish('b1', []);
    expect(await redis.hgetall(BACKLOG_KEY)).toEqual({ bytes: '100', batches: '1' });
    expect(await bodies.stored().next()).toMatchObject({ value: [['b2', { lengths: [100] }]] });
  });

  it('makes tallies once, however often a command is sent again', async () => {
    const tallies = [{ key: LEDGER, field: 'accepted', add: 2, keepSeconds: 60 }];
    await put('b1', TWO, tallies);
    await put('b1', TWO, tallies);
    await bodies.finish('b1', [{ key: LEDGER, field: 'seen', add: 2 }]);
    await bodies.finish('b1', [{ key: LEDGER, field: 'seen', add: 2 }]);
    expect(await redis.hgetall(LEDGER)).toEqual({ accepted: '2', seen: '2' });
    expect(await redis.ttl(LEDGER)).toBeGreaterThan(50);
    expect(await redis.hgetall(BACKLOG_KEY)).toEqual({ bytes: '0', batches: '0' });
  });

  it('raises a number and never lowers it', async () => {
    for (const [job, raiseTo] of Object.entries({ b1: 1_700_000_000_000, b2: 1_600_000_000_000 })) {
      await put(job);
      await bodies.finish(job, [{ key: LEDGER, field: 'heard', raiseTo }]);
    }
    expect(await redis.hget(LEDGER, 'heard')).toBe('1700000000000');
  });

  it('makes ten thousand tallies at once', async () => {
    await put('b1');
    const many = Array.from({ length: 10_000 }, (_, index) => ({ key: LEDGER, field: `f${index}`, add: 1 }));
    await bodies.finish('b1', many);
    expect(await redis.hlen(LEDGER)).toBe(10_000);
  });

  it('lets the claims and the memo of a batch go with it', async () => {
    await put('b1');
    await redis.mset(claimsKey('b1'), 'claims', memoKey('b1'), 'memo');
    await bodies.finish('b1', []);
    expect(await redis.exists(claimsKey('b1'), memoKey('b1'))).toBe(0);
  });

  it('ends a batch without a byte', async () => {
    await put('b1', [Buffer.alloc(0)]);
    await bodies.finish('b1', [{ key: LEDGER, field: 'seen', add: 1 }]);
    expect(await redis.hgetall(LEDGER)).toEqual({ seen: '1' });
    expect(await redis.hgetall(BACKLOG_KEY)).toEqual({ bytes: '0', batches: '0' });
  });

  it('keeps for as long as it takes what counts as stored, and what a dead letter claimed and was told', async () => {
    await put('b1');
    await redis.set(claimsKey('b1'), 'claims', 'EX', 60);
    await redis.set(memoKey('b1'), 'memo', 'EX', 60);
    await bodies.keepClaims('b1');
    expect(await redis.ttl('{signalman}:body:b1')).toBe(-1);
    expect(await redis.ttl(claimsKey('b1'))).toBe(-1);
    expect(await redis.ttl(memoKey('b1'))).toBe(-1);
  });

  it('lists every stored batch as it was put, each once', async () => {
    const ids = Array.from({ length: 2_500 }, (_, index) => `b${index}`);
    await Promise.all(ids.map((id) => put(id)));
    const listed: string[] = [];
    for await (const page of bodies.stored())
      for (const [jobId, batch] of page) {
        expect(batch).toEqual(batchOf(TWO));
        listed.push(jobId);
      }
    expect(listed.sort()).toEqual(ids.sort());
  });

  it('forgets a batch only when its bodies are gone, and does not count it as seen', async () => {
    await put('b1');
    expect(await bodies.forgetLost('b1')).toBe(false);
    await redis.unlink('{signalman}:body:b1');
    expect(await bodies.forgetLost('b1')).toBe(true);
    await bodies.finish('b1', [{ key: LEDGER, field: 'seen', add: 1 }]);
    expect(await redis.hgetall(LEDGER)).toEqual({});
    expect(await redis.hgetall(BACKLOG_KEY)).toEqual({ bytes: '0', batches: '0' });
  });
});
