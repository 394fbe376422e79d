import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Limits } from '../../../src/config/app-config.js';
import { Health } from '../../../src/observability/health.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { Backlog } from '../../../src/queues/backlog.js';
import { BacklogProbe } from '../../../src/queues/backlog-probe.js';
import { BacklogReport } from '../../../src/queues/backlog-report.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { OrphanedBatches } from '../../../src/queues/orphaned-batches.js';
import { type LaneJob, LaneQueues } from '../../../src/queues/lane-queues.js';
import { EVENTS_QUEUE } from '../../../src/queues/queue-names.js';
import { EVENTS_OPTIONS } from '../../../src/queues/queue-options.js';
import { BACKLOG_KEY, LANES_KEY, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { effectFor } from '../../support/effects.js';
import { eventually } from '../../support/eventually.js';
import { firingsOf, namesFrom } from '../../support/held-firings.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';

const BATCH = {
  source: 's',
  kind: 'events',
  route: 'webhook',
  mode: 'live',
  receivedAt: '2026-05-04T10:00:00.000Z',
} as const;
const LIMITS: Limits = { backlogBytes: 10_000, backlogBatches: 5, backlogEffects: 3 };

let server: RedisForTest;
let connections: RedisConnections;
let redis: Redis;
let bodies: BatchBodies;
let events: EventsQueue;
let probe: BacklogProbe;
const started: Backlog[] = [];

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await startRedis({ args: ['--maxmemory', '100mb'] });
});
afterAll(() => server.stop());
beforeEach(async () => {
  connections = new RedisConnections(server.url);
  redis = connections.forWorkers();
  await redis.flushall();
  bodies = new BatchBodies(redis);
  events = new EventsQueue(connections);
  probe = new BacklogProbe(connections);
  await eventually(() => probe.look());
});
afterEach(async () => {
  for (const backlog of started.splice(0)) backlog.onApplicationShutdown();
  await connections.close();
});

const start = (limits: Partial<Limits> = {}): Backlog => {
  const backlog = new Backlog(probe, { limits: { ...LIMITS, ...limits } });
  started.push(backlog);
  backlog.onModuleInit();
  return backlog;
};

/** Stores a batch of this many bytes, as the door does. */
async function store(bytes: number): Promise<void> {
  await events.add({ ...BATCH, bodies: [Buffer.alloc(bytes)] });
}

async function storedIds(): Promise<string[]> {
  return redis.lrange(`${QUEUE_PREFIX}:${EVENTS_QUEUE}:wait`, 0, -1);
}

/** As a worker ends it, its job included. */
async function seeThrough(id: string): Promise<void> {
  await bodies.finish(id, []);
  await redis.lrem(`${QUEUE_PREFIX}:${EVENTS_QUEUE}:wait`, 1, id);
  await redis.unlink(`${QUEUE_PREFIX}:${EVENTS_QUEUE}:${id}`);
}

describe('the backlog', () => {
  it('counts what is stored until it is seen through', async () => {
    await store(100);
    await store(20);
    expect(await probe.look()).toMatchObject({ bytes: 120, batches: 2, lanes: [] });
    const [first = '', second = ''] = await storedIds();
    await seeThrough(first);
    // A second run of the same batch takes nothing off again.
    await bodies.finish(first, []);
    expect((await probe.look()).batches).toBe(1);
    await seeThrough(second);
    expect(await probe.look()).toMatchObject({ bytes: 0, batches: 0 });
  });

  it('refuses when too many bytes wait, and no longer when they are seen through', async () => {
    const backlog = start();
    await store(10_000);
    await eventually(() => backlog.refusal() !== undefined);
    expect(backlog.refusal()?.reason).toContain('wait to be decided');
    await seeThrough((await storedIds())[0] ?? '');
    await eventually(() => backlog.refusal() === undefined);
  });

  it('counts what was stored since the last look, and what is on its way', async () => {
    const backlog = start();
    await eventually(() => backlog.sample !== undefined);
    expect(backlog.refusal(9_999)).toBeUndefined();
    expect(backlog.refusal(10_000)).toBeDefined();
    backlog.note(6_000);
    expect(backlog.refusal(3_999)).toBeUndefined();
    backlog.note(4_000);
    expect(backlog.refusal()).toBeDefined();
    // Nothing of that is in Redis: two looks later it is forgotten.
    await eventually(() => backlog.refusal() === undefined);
  });

  it('refuses when Redis has little memory left, whoever took it, and no longer when it has', async () => {
    const backlog = start();
    const piece = Buffer.alloc(1_000_000);
    for (let i = 0; i < 82; i++) await redis.set(`other:${i}`, piece);
    await eventually(() => backlog.refusal()?.reason.includes('of its memory'));
    await redis.flushall();
    await eventually(() => backlog.refusal() === undefined);
  });

  it('goes on with the last numbers while Redis is away', async () => {
    const backlog = start();
    await store(10_000);
    await eventually(() => backlog.refusal() !== undefined);
    await server.kill9();
    await expect(probe.look()).rejects.toThrow();
    expect(backlog.refusal()).toBeDefined();
    await server.restart();
    await eventually(() => probe.look());
    expect(await probe.look()).toMatchObject({ bytes: 10_000 });
  });

  it('lets what is fetched wait until half of the room is free', async () => {
    const backlog = start();
    await store(5_000);
    await eventually(() => backlog.sample?.bytes === 5_000);
    expect(backlog.refusal()).toBeUndefined();
    const order: string[] = [];
    const waiting = backlog.whenRoom(100).then(() => order.push('room'));
    await expect(backlog.whenRoom(100, AbortSignal.timeout(50))).rejects.toMatchObject({
      name: 'AbortError',
    });
    order.push('seen through');
    await seeThrough((await storedIds())[0] ?? '');
    await waiting;
    expect(order).toEqual(['seen through', 'room']);
  });

  it('lets no more be fetched at once than there is room for', async () => {
    const backlog = start({ backlogBatches: 10 });
    await eventually(() => backlog.sample !== undefined);
    let granted = 0;
    const ending = new AbortController();
    const asked = Array.from({ length: 10 }, () =>
      backlog.whenRoom(10, ending.signal).then(
        () => (granted += 1),
        () => undefined,
      ),
    );
    // All that there is room for is granted in this turn of the loop.
    await pause(0);
    expect(granted).toBe(5);
    ending.abort();
    await Promise.all(asked);
  });

  it('tells how many effects wait for a person, which keep nothing from being decided', async () => {
    const holding = { id: 'h', reason: 'more than 1 firing in 1h', since: 0 };
    await new HeldEffects(connections).add(firingsOf(holding, namesFrom(0, 20)));
    const backlog = start();
    const [metrics, health] = [new Metrics(), new Health()];
    new BacklogReport(backlog, metrics, health);
    await eventually(() => backlog.sample?.held === 20);
    expect(backlog.effectsAreFull()).toBe(false);
    expect(await health.report()).toEqual({
      backlog: {
        ok: true,
        detail: '0 batches and 0 effects wait; 20 effects wait for a person: signalman held',
      },
    });
  });

  it('goes on while one lane holds many, and not when several do, dead letters among them', async () => {
    const backlog = start();
    const lanes = new LaneQueues(connections.forWorkers());
    const job = (opts = {}): LaneJob => ({ name: 'webhook', data: effectFor(), opts });
    await lanes.add(
      'crm',
      Array.from({ length: 10 }, () => job()),
    );
    await lanes.add('ops', [job({ delay: 60_000 })]);
    await eventually(() => backlog.sample?.lanes.join() === '10,1');
    expect(backlog.effectsAreFull()).toBe(false);
    await redis.sadd(LANES_KEY, 'shop');
    await redis.zadd(lanes.lane('shop').toKey('failed'), 1, 'dead');
    await eventually(() => backlog.effectsAreFull());
    // The batches wait instead, and only they hold back the door.
    expect(backlog.refusal()).toBeUndefined();
    await lanes.onApplicationShutdown();
  });
});

describe('batches that count as stored and have no job', () => {
  const EVERY_TIME = 0;
  let queue: Queue;

  beforeEach(() => {
    queue = new Queue(EVENTS_QUEUE, { ...EVENTS_OPTIONS, connection: redis, prefix: QUEUE_PREFIX });
  });
  afterEach(() => queue.close());

  const orphans = (everyMs?: number): OrphanedBatches => new OrphanedBatches(redis, queue, everyMs);
  const orphan = (id: string, bytes: number): Promise<void> =>
    bodies.put(id, { v: 1, ...BATCH, lengths: [bytes] }, [Buffer.alloc(bytes)], []);

  it('get their job back, with all its attempts; all others stay as they are', async () => {
    await store(70);
    const [kept = ''] = await storedIds();
    await orphan('orphan', 30);
    await orphans(EVERY_TIME).heal();
    expect((await storedIds()).sort()).toEqual([kept, 'orphan'].sort());
    expect(await queue.getJob('orphan')).toMatchObject({
      data: { ...BATCH, lengths: [30] },
      opts: { attempts: EVENTS_OPTIONS.defaultJobOptions.attempts },
    });
    expect(await bodies.get('orphan', [30])).toHaveLength(1);
    expect(await probe.look()).toMatchObject({ bytes: 100, batches: 2 });
  });

  it('get one job, however many processes find them and whenever their own comes', async () => {
    await orphan('orphan', 30);
    await Promise.all([orphans(EVERY_TIME).heal(), orphans(EVERY_TIME).heal()]);
    await queue.add('batch', { v: 1, ...BATCH, lengths: [30] }, { jobId: 'orphan' });
    expect(await storedIds()).toEqual(['orphan']);
  });

  it('are found when somebody looks at the backlog', async () => {
    await orphan('orphan', 30);
    await probe.look();
    expect(await storedIds()).toEqual(['orphan']);
  });

  it('are looked for once a minute at most', async () => {
    const finder = orphans();
    await finder.heal();
    await orphan('orphan', 30);
    await finder.heal();
    expect(await storedIds()).toEqual([]);
  });

  it('count as stored no longer when their bodies are gone', async () => {
    await orphan('lost', 30);
    await redis.unlink(`${QUEUE_PREFIX}:body:lost`);
    await orphans(EVERY_TIME).heal();
    expect(await storedIds()).toEqual([]);
    expect(await probe.look()).toMatchObject({ bytes: 0, batches: 0 });
  });

  it('leave nothing behind in the numbers when nothing is stored at all', async () => {
    await redis.hset(BACKLOG_KEY, { bytes: -7, batches: 3 });
    await orphans(EVERY_TIME).heal();
    expect(await probe.look()).toMatchObject({ bytes: 0, batches: 0 });
  });
});
