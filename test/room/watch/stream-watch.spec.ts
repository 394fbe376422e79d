import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { OBSERVABILITY_TYPES } from '../../../src/catalogue/observability-types.js';
import type { Connections, SourceConnection } from '../../../src/contracts/connections.js';
import type { CanonicalEvent, Stream } from '../../../src/contracts/event.js';
import type { Tally } from '../../../src/contracts/tally.js';
import { fullTypeName } from '../../../src/catalogue/event-types.js';
import { readBatch } from '../../../src/ingest/read-batch.js';
import { CompletenessLedger } from '../../../src/journal/completeness.js';
import { acceptedTally, talliesOf } from '../../../src/journal/completeness-tallies.js';
import { Health } from '../../../src/observability/health.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { Locks } from '../../../src/state/locks.js';
import { SilenceAlarm } from '../../../src/watch/silence-alarm.js';
import { SilenceBoard } from '../../../src/watch/silence-board.js';
import { StreamStates } from '../../../src/watch/stream-states.js';
import { StreamWatch } from '../../../src/watch/stream-watch.js';
import { WatchMemory } from '../../../src/watch/watch-memory.js';
import { ADOBE, batchOf, EVENTS, OBSERVABILITY } from '../../support/delivery-samples.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Monday, eight days after the first event. */
const NOW = Date.parse('2026-05-11T12:00:00Z');

interface OwnEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: Record<string, unknown>;
}

describe('StreamWatch', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let raw: Redis;
  let queue: EventsQueue;

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
  });

  /** One process that watches these sources. */
  function watch(sources: Record<string, SourceConnection> = { prod: ADOBE }) {
    const memory = new WatchMemory(connections);
    const all = { sources, destinations: {} } as Connections;
    const [metrics, health] = [new Metrics(), new Health()];
    const one = new StreamWatch(
      new StreamStates(new CompletenessLedger(connections), memory, all),
      new SilenceAlarm(queue, memory),
      new SilenceBoard(metrics, health),
      new Locks(connections),
    );
    return { look: (now: number) => one.look(now), metrics, health };
  }

  /** Somebody has watched all the time until now. */
  async function watched(now: number): Promise<void> {
    await raw.hset('{signalman}:watched', { '.since': 0, '.last': now });
  }

  async function count(tallies: readonly Tally[]): Promise<void> {
    for (const tally of tallies) {
      if ('add' in tally) await raw.hincrby(tally.key, tally.field, tally.add);
      else await raw.hset(tally.key, tally.field, tally.raiseTo);
    }
  }

  async function seen(at: number, events: readonly CanonicalEvent[], source = 'prod'): Promise<void> {
    const receivedAt = new Date(at).toISOString();
    const batch = { source, route: 'webhook', mode: 'live', receivedAt, lengths: [1] } as const;
    const became = { decided: events, history: [], duplicates: [], unreadable: [], effects: [] };
    await count([...acceptedTally(source, receivedAt, 1), ...talliesOf({ batch, ...became })]);
  }

  const speak = (at: number, stream: Stream = 'lead-activity', source = 'prod'): Promise<void> =>
    seen(at, [{ time: new Date(at).toISOString(), stream } as CanonicalEvent], source);

  /** Every hour of the week before, but for the nights of four empty hours. */
  async function aUsualWeek(until: number, stream?: Stream): Promise<void> {
    for (let at = until - 7 * 24 * HOUR; at <= until; at += HOUR)
      if (new Date(at).getUTCHours() >= 4) await speak(at, stream);
  }

  /** What the rules were told, the oldest first. */
  async function told(): Promise<OwnEvent[]> {
    const ids = await raw.lrange('{signalman}:events:wait', 0, -1);
    const bodies = await Promise.all(ids.reverse().map((id) => raw.get(`{signalman}:body:${id}`)));
    return bodies.map((body) => JSON.parse(body ?? '{}') as OwnEvent);
  }

  it('tells once of a stream that is silent for longer than it ever was in its week', async () => {
    await aUsualWeek(NOW);
    await watched(NOW + 6 * HOUR);
    const { look } = watch();
    // The longest pause are four empty hours, so six hours may pass.
    await look(NOW + 6 * HOUR);
    expect(await told()).toEqual([]);
    for (let minute = 1; minute <= 3; minute++) await look(NOW + 6 * HOUR + minute * MINUTE);
    expect(await told()).toMatchObject([
      {
        type: 'signalman.stream.silent',
        source: '/signalman',
        subject: 'prod/lead-activity',
        data: {
          source: 'prod',
          stream: 'lead-activity',
          lastHeardAt: '2026-05-11T12:00:00.000Z',
          silentForSeconds: 6 * 3_600 + 60,
          expectedEverySeconds: 6 * 3_600,
          learned: true,
        },
      },
    ]);
  });

  it('tells when it is heard again, and of the next silence as of a new one', async () => {
    await aUsualWeek(NOW);
    await watched(NOW + 7 * HOUR);
    const { look } = watch();
    await look(NOW + 7 * HOUR);
    await speak(NOW + 8 * HOUR);
    await watched(NOW + 8 * HOUR);
    await look(NOW + 8 * HOUR + MINUTE);
    await watched(NOW + 30 * HOUR);
    await look(NOW + 30 * HOUR);
    const events = await told();
    expect(events.map(({ type }) => type)).toEqual([
      'signalman.stream.silent',
      'signalman.stream.resumed',
      'signalman.stream.silent',
    ]);
    expect(events[1]?.data).toEqual({
      source: 'prod',
      stream: 'lead-activity',
      lastHeardAt: '2026-05-11T20:00:00.000Z',
      silentForSeconds: 8 * 3_600,
    });
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it('gives a silence the same id again when a crash made it forget that it was told', async () => {
    await aUsualWeek(NOW);
    await watched(NOW + 7 * HOUR);
    await watch().look(NOW + 7 * HOUR);
    await raw.del('{signalman}:silences');
    await watch().look(NOW + 7 * HOUR + MINUTE);
    await raw.del('{signalman}:silences', 'signalman:lock:stream-watch');
    await watch().look(NOW + 7 * HOUR + 2 * MINUTE);
    const ids = (await told()).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('learns nothing of a past of less than two days, and never less than three hours', async () => {
    await watched(NOW + 3 * HOUR);
    await speak(NOW - 40 * HOUR);
    await speak(NOW);
    await watch().look(NOW + 3 * HOUR + MINUTE);
    expect(await told()).toEqual([]);
    for (let at = NOW - 60 * HOUR; at <= NOW; at += HOUR) await speak(at);
    await raw.del('signalman:lock:stream-watch');
    await watch().look(NOW + 3 * HOUR);
    expect(await told()).toEqual([]);
    await raw.del('signalman:lock:stream-watch');
    await watch().look(NOW + 3 * HOUR + MINUTE);
    expect(await told()).toMatchObject([{ data: { expectedEverySeconds: 3 * 3_600 } }]);
  });

  it('keeps to what the connections file says', async () => {
    await aUsualWeek(NOW);
    await speak(NOW, 'external', 'crm');
    await watched(NOW + 7 * HOUR);
    const sources = {
      prod: { ...ADOBE, expectEveryMs: 0 },
      crm: { ...EVENTS, expectEveryMs: 10 * MINUTE },
    };
    await watch(sources).look(NOW + 7 * HOUR);
    expect(await told()).toMatchObject([
      { subject: 'crm/external', data: { expectedEverySeconds: 600, learned: false } },
    ]);
  });

  it('tells of a source that is expected to speak and never did', async () => {
    const { look } = watch({ crm: { ...EVENTS, expectEveryMs: HOUR } });
    for (const minutes of [0, 4, 60, 61]) {
      await watched(NOW + minutes * MINUTE);
      await look(NOW + minutes * MINUTE);
    }
    expect(await told()).toMatchObject([{ type: 'signalman.stream.silent', subject: 'crm/any' }]);
    await speak(NOW + 62 * MINUTE, 'external', 'crm');
    await look(NOW + 63 * MINUTE);
    expect((await told()).at(-1)).toMatchObject({ type: 'signalman.stream.resumed', subject: 'crm/any' });
  });

  it('gives senders time to come back after nobody has watched', async () => {
    await aUsualWeek(NOW);
    const { look } = watch();
    for (let minute = 0; minute < 20; minute += 4) await look(NOW + 24 * HOUR + minute * MINUTE);
    expect(await told()).toEqual([]);
    await look(NOW + 24 * HOUR + 20 * MINUTE);
    expect(await told()).toHaveLength(1);
  });

  it('does not call silent of what something waits to be read', async () => {
    await aUsualWeek(NOW);
    await watched(NOW + 7 * HOUR);
    const late = NOW + 7 * HOUR;
    await count(acceptedTally('prod', new Date(late).toISOString(), 1));
    await watch().look(late);
    expect(await told()).toEqual([]);
  });

  it('does not watch sources that are configured no longer', async () => {
    await aUsualWeek(NOW);
    await watched(NOW + 7 * HOUR);
    await watch({ other: ADOBE }).look(NOW + 7 * HOUR);
    expect(await told()).toEqual([]);
  });

  it('watches what Marketo tells about its own ingestion like any other stream', async () => {
    const types = OBSERVABILITY_TYPES.map(({ type }) => fullTypeName(type));
    const items = types.map((type, index) => ({
      ...OBSERVABILITY,
      type,
      id: `obs-${index}`,
      eventid: `io-${index}`,
    }));
    const { events } = readBatch(batchOf('adobe', items), ADOBE);
    expect(events.map(({ stream }) => stream)).toEqual(types.map(() => 'observability'));
    for (let at = NOW - 72 * HOUR; at <= NOW; at += HOUR)
      await seen(
        at,
        events.map((event) => ({ ...event, time: new Date(at).toISOString() })),
      );
    await watched(NOW + 4 * HOUR);
    await watch().look(NOW + 4 * HOUR);
    expect(await told()).toMatchObject([{ subject: 'prod/observability' }]);
  });

  it('tells in one process at a time, and shows in all how long each stream is silent', async () => {
    await aUsualWeek(NOW);
    await watched(NOW + 7 * HOUR);
    const processes = [watch(), watch(), watch()];
    await Promise.all(processes.map(({ look }) => look(NOW + 7 * HOUR)));
    expect(await told()).toHaveLength(1);
    for (const { metrics, health } of processes) {
      expect(await metrics.registry.metrics()).toContain(
        'signalman_stream_silence_seconds{source="prod",stream="lead-activity"} 25200',
      );
      expect(await health.report()).toEqual({
        streams: { ok: true, detail: 'Silent for longer than is normal: prod/lead-activity.' },
      });
    }
  });
});
