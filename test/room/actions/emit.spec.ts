import { Logger } from '@nestjs/common';
import { Worker } from 'bullmq';
import { ACTION_SCHEMAS } from '../../../src/actions/action-schemas.js';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import { systemClock } from '../../../src/contracts/clock.js';
import { effectId } from '../../../src/contracts/effect-id.js';
import type { Effect } from '../../../src/contracts/effect.js';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { OWN, readBatch } from '../../../src/ingest/read-batch.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { EVENTS_QUEUE } from '../../../src/queues/queue-names.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SeenEvents } from '../../../src/state/seen-events.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { eventually } from '../../support/eventually.js';
import { openActions } from '../../support/open-actions.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const ENGINE = { kind: 'signalman' } as const;

const FORM_FILL: CanonicalEvent = {
  id: '123-ABC-456:1',
  type: 'marketo.activity.filloutform',
  connection: 'marketo-io',
  source: 'urn:marketo',
  time: '2026-05-04T10:00:00.000Z',
  receivedAt: '2026-05-04T10:00:03.000Z',
  stream: 'lead-activity',
  munchkinId: '123-ABC-456',
  leadId: '7',
  data: {},
  attributes: {},
  oddities: [],
};

/** What the judge makes of a rule that emits `acme.lead.hot` for this event. */
function emits(event: CanonicalEvent, ruleId = 'leads/hot'): Effect {
  const label = { id: ruleId, description: 'd' };
  const defaults = ACTION_SCHEMAS.get('emit')?.defaults?.(event, label) ?? {};
  const params = { ...defaults, type: 'acme.lead.hot', data: { score: '85' }, to: 'signalman' };
  const identity = { id: effectId(ruleId, event.id, 0), ruleId, eventId: event.id };
  return effectOf('emit', params, {
    ...identity,
    to: 'signalman',
    ...(event.cause && { cause: event.cause }),
  });
}

describe('emit', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let queue: EventsQueue;
  let worker: Worker<StoredBatch>;
  let opened: ReturnType<typeof openActions>;
  /** What came in, and whether another batch had brought it. */
  const came: { readonly event: CanonicalEvent; readonly isNew: boolean }[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    queue = new EventsQueue(connections);
    opened = openActions(systemClock, queue);
    const bodies = new BatchBodies(connections.forWorkers());
    const seen = new SeenEvents(connections, systemClock);
    worker = new Worker<StoredBatch>(
      EVENTS_QUEUE,
      async ({ id = '', data }) => {
        const stored = (await bodies.get(id, data.lengths)) ?? [];
        const { events } = readBatch({ ...data, bodies: stored }, OWN);
        const isNew = await seen.claim(id, events);
        came.push(...events.map((event, index) => ({ event, isNew: isNew[index] === true })));
      },
      { connection: { url: redis.url }, prefix: QUEUE_PREFIX },
    );
    await worker.waitUntilReady();
  });
  afterAll(async () => {
    await worker.close();
    await queue.onApplicationShutdown();
    await opened.close();
    await connections.close();
    await redis.stop();
  });
  beforeEach(() => {
    came.length = 0;
  });

  const send = (effect: Effect) => opened.actions.get('emit').send(attemptAt(ENGINE, effect));

  it('brings a new event about the same lead back in, with what it came from', async () => {
    const effect = emits(FORM_FILL);
    expect(await send(effect)).toEqual({ summary: 'emitted acme.lead.hot' });
    await eventually(() => came.length === 1);
    const [first] = came;
    expect(first?.isNew).toBe(true);
    expect(first?.event).toMatchObject({
      type: 'acme.lead.hot',
      source: '/signalman',
      stream: 'external',
      time: FORM_FILL.time,
      leadId: '7',
      munchkinId: '123-ABC-456',
      data: { score: '85' },
      cause: { via: 'emit', ruleId: 'leads/hot', eventId: FORM_FILL.id, effectId: effect.id, depth: 1 },
    });
    expect(Date.parse(first?.event.receivedAt ?? '')).toBeGreaterThan(Date.parse(FORM_FILL.receivedAt));
  });

  it('that is done twice brings a duplicate, and another effect another event', async () => {
    const effect = emits({ ...FORM_FILL, id: '123-ABC-456:2' });
    await send(effect);
    await send(effect);
    await send(emits({ ...FORM_FILL, id: '123-ABC-456:2' }, 'leads/warm'));
    await eventually(() => came.length === 3);
    expect(came.filter(({ isNew }) => isNew)).toHaveLength(2);
    expect(new Set(came.map(({ event }) => event.id)).size).toBe(2);
  });

  it('counts how many firings led to an event', async () => {
    let event = { ...FORM_FILL, id: '123-ABC-456:3' };
    for (let depth = 1; depth <= 3; depth++) {
      await send(emits(event));
      await eventually(() => came.length === depth);
      event = came[depth - 1]?.event ?? event;
      expect(event.cause?.depth).toBe(depth);
    }
  });
});

it('is tried again when the queue could not be reached, since it may have been done', async () => {
  Logger.overrideLogger(false);
  const redis = await startRedis({ durable: false });
  const connections = new RedisConnections(redis.url);
  const queue = new EventsQueue(connections);
  const { actions, close } = openActions(systemClock, queue);
  await redis.kill9();
  const attempt = attemptAt(ENGINE, emits(FORM_FILL));
  const failure = await failureOf(actions.get('emit').send(attempt));
  expect([failure.code, failure.retry.kind, failure.outcomeUnknown]).toEqual([
    'emit.not_stored',
    'backoff',
    true,
  ]);
  await close();
  await connections.close();
  await redis.stop();
});
