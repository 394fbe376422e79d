import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { OWN, readBatch } from '../../../src/ingest/read-batch.js';
import { Health } from '../../../src/observability/health.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { RuleStore } from '../../../src/rules/loading/rule-store.js';
import { ScheduleMemory } from '../../../src/rules/schedule-memory.js';
import { Scheduler } from '../../../src/rules/scheduler.js';
import { Locks } from '../../../src/state/locks.js';
import { batchOf } from '../../support/delivery-samples.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const LOCK = 'signalman:lock:scheduler';
const DESTINATIONS = { ops: { kind: 'slack' as const, apiOrigin: 'https://slack.acme.example' } };
const at = (text: string): number => Date.parse(`2026-11-26T${text}Z`);

describe('the scheduler', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let raw: Redis;
  let queue: EventsQueue;
  let rulesDir: string;
  let store: RuleStore;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    raw = connections.forWorkers();
    queue = new EventsQueue(connections);
    await eventually(() => queue.add(batchOf('adobe', {})).then(() => true));
  });
  afterAll(async () => {
    await queue.onApplicationShutdown();
    await connections.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await raw.flushall();
    rulesDir = join(await mkdtemp(join(tmpdir(), 'signalman-scheduler-')), 'rules');
    await mkdir(rulesDir);
    const connected = { destinations: DESTINATIONS };
    store = new RuleStore({ rulesDir }, connected, new Metrics(), new Health());
    await store.onModuleInit();
  });
  afterEach(async () => {
    await store.onModuleDestroy();
    await rm(join(rulesDir, '..'), { recursive: true });
  });

  async function put(id: string, changes: object): Promise<void> {
    const actions = [{ type: 'slack', params: { to: 'ops', text: 'It is time.' } }];
    const rule = { description: 'd', timeZone: 'Europe/Berlin', actions, ...changes };
    await writeFile(join(rulesDir, `${id}.json`), JSON.stringify(rule));
    await store.reload();
    expect(store.problems()).toEqual([]);
  }

  /** A process of its own that looks at the schedule. The one before it is taken to have ended. */
  async function started(): Promise<Scheduler> {
    await raw.del(LOCK);
    return another();
  }

  const another = (): Scheduler =>
    new Scheduler(store, new ScheduleMemory(connections), queue, new Locks(connections));

  /** What the rules were told, as they read it, the earliest first. */
  async function told(): Promise<CanonicalEvent[]> {
    const ids = await raw.lrange('{signalman}:events:wait', 0, -1);
    const events: CanonicalEvent[] = [];
    for (const id of ids.reverse()) {
      const body = (await raw.getBuffer(`{signalman}:body:${id}`)) ?? Buffer.alloc(0);
      const job = JSON.parse((await raw.hget(`{signalman}:events:${id}`, 'data')) ?? '{}') as object;
      const stored = { ...(job as Parameters<typeof readBatch>[0]), bodies: [body] };
      events.push(...readBatch(stored, OWN).events);
    }
    return events;
  }

  const runs = async (): Promise<unknown[]> =>
    (await told()).map(({ data }) => [String(data['scheduledAt']).slice(11, 16), data['missed']]);

  it('tells a rule at its times, in its zone, as an event of that time', async () => {
    await put('report', { every: '0 9 * * 1-5' });
    const scheduler = await started();
    expect(await scheduler.look(at('07:00:00'))).toBe(at('08:00:00'));
    expect(await scheduler.look(at('07:59:59.999'))).toBe(at('08:00:00'));
    expect(await told()).toEqual([]);
    expect(await scheduler.look(at('08:00:00'))).toBe(Date.parse('2026-11-27T08:00:00Z'));
    await scheduler.look(at('08:00:05'));
    expect(await told()).toMatchObject([
      {
        type: 'signalman.schedule',
        stream: 'signalman',
        subject: 'report',
        time: '2026-11-26T08:00:00.000Z',
        receivedAt: '2026-11-26T08:00:00.000Z',
        data: { rule: 'report', scheduledAt: '2026-11-26T08:00:00.000Z', missed: 0 },
      },
    ]);
  });

  it('begins with a rule from when it is seen first, and anew when its timetable changes', async () => {
    await put('report', { every: '0 * * * *' });
    const scheduler = await started();
    await scheduler.look(at('12:00:00'));
    await scheduler.look(at('13:00:00'));
    await put('report', { every: '30 * * * *' });
    await scheduler.look(at('15:45:00'));
    await scheduler.look(at('16:30:00'));
    expect(await runs()).toEqual([
      ['13:00', 0],
      ['16:30', 0],
    ]);
  });

  it.each([
    [
      'last',
      [['12:00', 3]],
      [
        ['12:00', 3],
        ['13:00', 0],
      ],
    ],
    ['skip', [], [['13:00', 4]]],
    [
      'all',
      [
        ['09:00', 0],
        ['10:00', 0],
        ['11:00', 0],
        ['12:00', 0],
      ],
      [
        ['09:00', 0],
        ['10:00', 0],
        ['11:00', 0],
        ['12:00', 0],
        ['13:00', 0],
      ],
    ],
  ])('tells of missed runs what "missed": "%s" says', async (missed, afterStart, anHourLater) => {
    await put('report', { every: { cron: '0 * * * *', missed } });
    await (await started()).look(at('08:30:00'));
    const restarted = await started();
    await restarted.look(at('12:30:00'));
    expect(await runs()).toEqual(afterStart);
    await restarted.look(at('13:00:01'));
    expect(await runs()).toEqual(anHourLater);
  });

  it('tells of a run late by no more than a minute as if it were on time', async () => {
    await put('report', { every: { cron: '0 * * * *', missed: 'skip' } });
    const scheduler = await started();
    await scheduler.look(at('08:30:00'));
    await scheduler.look(at('09:01:00'));
    await scheduler.look(at('10:01:00.001'));
    expect(await runs()).toEqual([['09:00', 0]]);
    const [event] = await told();
    expect([event?.time, event?.receivedAt]).toEqual([
      '2026-11-26T09:00:00.000Z',
      '2026-11-26T09:01:00.000Z',
    ]);
  });

  it('does not count as missed what came due while a rule was off', async () => {
    await put('report', { every: { cron: '0 * * * *', missed: 'all' } });
    const scheduler = await started();
    await scheduler.look(at('08:30:00'));
    await put('report', { every: { cron: '0 * * * *', missed: 'all' }, mode: 'off' });
    await scheduler.look(at('08:45:00'));
    await scheduler.look(at('11:30:00'));
    await put('report', { every: { cron: '0 * * * *', missed: 'all' }, mode: 'shadow' });
    await scheduler.look(at('11:30:05'));
    await scheduler.look(at('12:00:00'));
    expect(await runs()).toEqual([['12:00', 0]]);
  });

  it('is told by one process at a time, and goes on in another when that one ends', async () => {
    await put('report', { every: '* * * * *' });
    await put('other', { every: '0 * * * *' });
    const processes = [await started(), another(), another()];
    for (const time of ['08:58:30', '08:59:00', '09:00:00'])
      await Promise.all(processes.map((each) => each.look(at(time))));
    expect(await runs()).toEqual([
      ['08:59', 0],
      ['09:00', 0],
      ['09:00', 0],
    ]);
    const [, second] = processes;
    await raw.del(LOCK);
    expect(await second?.look(at('09:01:00'))).toBe(at('09:02:00'));
    expect((await runs()).slice(3)).toEqual([['09:01', 0]]);
  });

  it('gives a run the same id again when a crash made it forget that it was told', async () => {
    await put('report', { every: '0 * * * *' });
    const scheduler = await started();
    await scheduler.look(at('08:30:00'));
    const before = await raw.hgetall('{signalman}:schedule');
    await scheduler.look(at('09:00:00'));
    await raw.hset('{signalman}:schedule', before);
    await (await started()).look(at('09:00:07'));
    const ids = (await told()).map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    await (await started()).look(at('10:00:00'));
    expect(new Set((await told()).map(({ id }) => id)).size).toBe(2);
  });

  it('looks by itself, and goes on after an outage of Redis', async () => {
    await put('report', { every: '0 * * * *' });
    const scheduler = await started();
    scheduler.onApplicationBootstrap();
    await eventually(() => raw.hexists('{signalman}:schedule', 'report'));
    await redis.kill9();
    await put('other', { every: '0 * * * *' });
    await redis.restart();
    await eventually(() => raw.hexists('{signalman}:schedule', 'other'), { timeoutMs: 20_000 });
    scheduler.beforeApplicationShutdown();
  });
});
