import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueuedWork, LedgerLine } from '../../../src/contracts/completeness.js';
import type { Effect } from '../../../src/contracts/effect.js';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { CompletenessLedger, type CompletenessReport } from '../../../src/journal/completeness.js';
import { talliesOf, type SeenThrough } from '../../../src/journal/completeness-tallies.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { QueueContents } from '../../../src/queues/queue-contents.js';
import { LaneContents } from '../../../src/queues/lane-contents.js';
import { EVENTS_QUEUE, laneQueueName } from '../../../src/queues/queue-names.js';
import { EPOCH_KEY, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { effectFor } from '../../support/effects.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const RECEIVED = '2026-05-04T10:00:05.000Z';
const RANGE = { from: Date.parse('2026-05-04T08:30:00Z'), to: Date.parse('2026-05-04T10:30:00Z') };
const ORIGIN: LedgerLine = { hour: '2026-05-04T09', source: 'prod', stream: 'lead-activity' };

describe('CompletenessLedger', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let raw: Redis;
  let events: Queue;
  let lanes: LaneQueues;
  let door: EventsQueue;
  let bodies: BatchBodies;
  let ledger: CompletenessLedger;
  let work: QueuedWork;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    raw = connections.forWorkers();
    const options = { connection: connections.forWorkers(), prefix: QUEUE_PREFIX };
    events = new Queue(EVENTS_QUEUE, options);
    lanes = new LaneQueues(connections.forWorkers());
    door = new EventsQueue(connections);
    bodies = new BatchBodies(connections.forWorkers());
    ledger = new CompletenessLedger(connections);
    work = new QueueContents(bodies, events, new LaneContents(lanes), new HeldEffects(connections));
    await eventually(() => door.add(batch({})).then(() => true));
  });
  afterAll(async () => {
    await Promise.all([door.onApplicationShutdown(), events.close(), lanes.onApplicationShutdown()]);
    await connections.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await raw.flushall();
  });

  const report = (more: { source?: string } = {}, queues = work): Promise<CompletenessReport> =>
    ledger.report({ ...RANGE, ...more }, queues);

  /** Stores a batch of two bodies. @returns the id of its job. */
  async function accept(more: Partial<SeenThrough['batch']> = {}): Promise<string> {
    const known = new Set(await events.getRanges(['waiting'], 0, -1));
    await door.add(batch(more));
    return (await events.getRanges(['waiting'], 0, -1)).find((id) => !known.has(id)) ?? '';
  }

  /** What a worker does with a batch when it is through with it. */
  async function finish(
    jobId: string,
    became: Omit<Partial<SeenThrough>, 'batch'>,
    more = {},
  ): Promise<void> {
    const nothing = { decided: [], history: [], duplicates: [], unreadable: [], effects: [] };
    const { bodies: raws, ...stored } = batch(more);
    const lengths = raws.map(({ length }) => length);
    await bodies.finish(jobId, talliesOf({ ...nothing, ...became, batch: { ...stored, lengths } }));
    await events.remove(jobId);
  }

  it('says of an empty ledger that nothing is missing', async () => {
    expect(await report()).toMatchObject({
      from: '2026-05-04T08',
      to: '2026-05-04T10',
      complete: true,
      sentence: '0 received = 0 expected, 0 missing.',
      advice: [],
    });
  });

  it('proves that what was accepted is accounted for', async () => {
    await finish(await accept(), { decided: [event(), event()], duplicates: [event()] });
    const { complete, sentence, streams, deliveries } = await report();
    expect({ complete, sentence }).toEqual({
      complete: true,
      sentence: '3 received = 3 expected, 0 missing.',
    });
    expect(streams).toMatchObject([
      { source: 'prod', stream: 'lead-activity', received: 3, accounted: 3, missing: 0 },
    ]);
    expect(deliveries).toEqual([
      { hour: '2026-05-04T10', source: 'prod', accepted: 2, seen: 2, waiting: 0, dead: 0, missing: 0 },
    ]);
  });

  it('does not call missing what waits', async () => {
    await accept();
    await finish(await accept(), { decided: [event()] });
    const { complete, sentence, deliveries } = await report();
    expect(complete).toBe(true);
    expect(sentence).toBe('1 received = 1 expected, 0 missing; 2 deliveries still to be read.');
    expect(deliveries).toMatchObject([{ accepted: 4, seen: 2, waiting: 2, missing: 0 }]);
  });

  it('does not call missing what is seen through while it looks', async () => {
    const jobId = await accept();
    const meanwhile: QueuedWork = {
      deliveries: async () => {
        await finish(jobId, { decided: [event()] });
        return await work.deliveries();
      },
      effects: () => work.effects(),
    };
    expect(await report({}, meanwhile)).toMatchObject({
      complete: true,
      deliveries: [{ seen: 2, missing: 0 }],
    });
  });

  it('does not call missing what has yet to be given its job back', async () => {
    await events.remove(await accept());
    expect(await report()).toMatchObject({ complete: true, deliveries: [{ waiting: 2, missing: 0 }] });
  });

  it('finds a delivery that is gone from Redis unread', async () => {
    const jobId = await accept();
    await events.remove(jobId);
    await raw.unlink(`{signalman}:body:${jobId}`);
    await bodies.forgetLost(jobId);
    await finish(await accept(), { decided: [event()] });
    const { complete, sentence, advice, deliveries } = await report();
    expect(complete).toBe(false);
    expect(sentence).toBe('1 received; 2 deliveries missing.');
    expect(advice[0]).toContain('2 deliveries of prod, accepted in the hour of 2026-05-04T10');
    expect(deliveries).toMatchObject([{ accepted: 4, seen: 2, missing: 2 }]);
  });

  it('finds an event that came and of which nothing became', async () => {
    await finish(await accept(), { decided: [event()] });
    await raw.hincrby('{signalman}:ledger:2026-05-04T09', 'prod|lead-activity|webhook', 1);
    const { complete, sentence, advice, lines } = await report();
    expect(complete).toBe(false);
    expect(sentence).toBe('2 received; 1 event missing.');
    expect(advice[0]).toMatch(/^1 event of prod \/ lead-activity in the hour of 2026-05-04T09 /);
    expect(lines).toMatchObject([{ hour: '2026-05-04T09', received: 2, accounted: 1, missing: 1 }]);
  });

  it('says that a dead letter is not decided', async () => {
    const jobId = await accept();
    await raw.lrem('{signalman}:events:wait', 1, jobId);
    await raw.zadd('{signalman}:events:failed', 1, jobId);
    const { complete, advice, deliveries } = await report();
    expect(complete).toBe(false);
    expect(deliveries).toMatchObject([{ waiting: 0, dead: 2, missing: 0 }]);
    expect(advice).toEqual([expect.stringContaining('2 deliveries were given up and not decided')]);
  });

  it('follows each effect to its end', async () => {
    // One is done, one given up, one waits, and one is nowhere.
    const made = (): Effect => effectFor({ origin: ORIGIN, to: 'ops' });
    const [done, dead, waits, nowhere] = [made(), made(), made(), made()];
    const effects = [done, dead, waits, nowhere];
    await finish(await accept(), { decided: [event()], effects });
    const ends = new EffectLedger(connections);
    await ends.claim(done, { token: 'a', leaseMs: 1_000 });
    await ends.settle(done, 'a', { state: 'done', reason: '200 OK', sign: { kind: 'reached' } });
    await ends.giveUp(dead);
    await new ActionsQueue(lanes).addAll([dead, waits]);
    const lane = `{signalman}:${laneQueueName('ops')}`;
    await raw.zrem(`${lane}:prioritized`, dead.id);
    await raw.zadd(`${lane}:failed`, 1, dead.id);
    const { lines, sentence, advice } = await report();
    expect(lines).toMatchObject([
      { counts: { effects: 4, done: 1, failed: 1, unknown: 0 }, effectsWaiting: 1, effectsMissing: 1 },
    ]);
    expect(sentence).toBe('1 received; 1 effect missing.');
    expect(advice).toContain('1 effect failed: signalman dead list.');
  });

  it('misses no effect that is held for a person, or was decided against', async () => {
    const effects = [
      effectFor({ origin: ORIGIN }),
      effectFor({ origin: ORIGIN }),
      effectFor({ origin: ORIGIN }),
    ];
    const [held, discarded, looped] = effects;
    await finish(await accept(), { decided: [event()], effects });
    const ends = new EffectLedger(connections);
    for (const effect of effects.slice(0, 2)) await ends.hold(effect, 'limit: 100 an hour');
    if (discarded !== undefined) await ends.suppress(discarded, 'discarded by cli:ada');
    if (looped !== undefined) await ends.suppress(looped, 'loop');
    const { complete, sentence, advice, lines } = await report();
    expect(lines).toMatchObject([{ counts: { effects: 3, held: 1, suppressed: 2 }, effectsMissing: 0 }]);
    expect([complete, sentence]).toEqual([true, '1 received = 1 expected, 0 missing.']);
    expect(advice).toContain('1 effect waits for a person to release it: signalman effects --outcome held.');
    if (held !== undefined) await ends.release(held);
    expect((await report()).lines).toMatchObject([{ effectsMissing: 1 }]);
  });

  it('tells what the journal brought that the webhook had not, and what cannot be proved', async () => {
    await finish(await accept(), { decided: [event()] });
    const journal = { route: 'journal' } as const;
    await finish(await accept(journal), { decided: [event(), event()], duplicates: [event()] }, journal);
    const crm = { source: 'crm' };
    await finish(await accept(crm), { decided: [event()] }, crm);
    const { sources, advice, sentence } = await report();
    expect(sentence).toBe('5 received = 5 expected, 0 missing.');
    expect(sources).toEqual([
      { source: 'crm', proof: 'receipt', filled: 0 },
      { source: 'prod', proof: 'journal', filled: 2 },
    ]);
    expect(advice).toEqual([
      'The journal of prod brought 2 events that its webhook had not.',
      'Of what was never sent to us nothing is known for crm: no journal was read.',
    ]);
    expect((await report({ source: 'crm' })).streams).toMatchObject([{ source: 'crm', received: 1 }]);
  });

  it('leaves hours out that were not asked for, and bounds how many can be', async () => {
    await finish(await accept(), { decided: [event('2026-05-04T06:00:00Z'), event()] });
    expect((await report()).streams).toMatchObject([{ received: 1 }]);
    const { from, to, streams } = await ledger.report({ from: 0, to: RANGE.to }, work);
    expect([from, to]).toEqual(['2026-03-25T11', '2026-05-04T10']);
    expect(streams).toMatchObject([{ received: 2 }]);
  });

  it('says since when it knows anything, when that is within the time that is asked for', async () => {
    expect((await report()).advice).toEqual([]);
    await raw.set(EPOCH_KEY, '2026-05-04T09:20:00.000Z 0b3c');
    expect((await report()).advice).toEqual([
      expect.stringContaining('Nothing is known of before 2026-05-04T09:20:00.000Z') as string,
    ]);
    await raw.set(EPOCH_KEY, '2026-05-04T08:20:00.000Z 0b3c');
    expect((await report()).advice).toEqual([]);
  });

  it('passes over an effect that another version queued', async () => {
    const old = { v: 1, id: 'e1' } as Effect;
    await lanes.add('ops', [{ name: 'webhook', data: old, opts: { jobId: 'e1' } }]);
    expect(await work.effects()).toEqual([]);
  });
});

function event(time = '2026-05-04T09:59:00Z'): CanonicalEvent {
  return { time, stream: 'lead-activity' } as CanonicalEvent;
}

function batch(more: Partial<SeenThrough['batch']>) {
  const one = {
    source: 'prod',
    kind: 'adobe',
    route: 'webhook',
    mode: 'live',
    receivedAt: RECEIVED,
  } as const;
  return { ...one, ...more, bodies: [Buffer.from('{}'), Buffer.from('[]')] };
}
