import 'reflect-metadata';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Limits } from '../../../src/config/app-config.js';
import type { Connections } from '../../../src/contracts/connections.js';
import { DestinationNews } from '../../../src/delivery/destination-news.js';
import { DestinationStates } from '../../../src/delivery/destination-states.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EventsQueue } from '../../../src/queues/events-queue.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { Lanes } from '../../../src/queues/lanes.js';
import { laneKey } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { effectFor, effectsFor } from '../../support/effects.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const MINUTE = 60_000;
const QUIET_MS = 5 * MINUTE;
const SHARE = 4;
const LIMITS: Limits = { backlogBytes: 1, backlogBatches: 1, backlogEffects: 4 * SHARE };
const SINCE = Date.parse('2026-05-04T10:00:00Z');
const CONNECTIONS: Connections = {
  sources: {},
  destinations: { ops: { kind: 'slack', webhookUrl: 'https://s', apiOrigin: 'https://slack.com' } },
};

interface ToldEvent {
  readonly id: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('DestinationNews', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let events: EventsQueue;
  let lanes: LaneQueues;
  let bodies: BatchBodies;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    events = new EventsQueue(connections);
    lanes = new LaneQueues(connections.forWorkers());
    bodies = new BatchBodies(connections.forWorkers());
    await redis.ping();
  });
  afterAll(async () => {
    await Promise.all([events.onApplicationShutdown(), lanes.onApplicationShutdown()]);
    await connections.close();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const news = (): DestinationNews => {
    const states = new DestinationStates(connections, lanes, { limits: LIMITS });
    return new DestinationNews(events, states, connections, CONNECTIONS);
  };
  /** Every process has the same clock. */
  const at = (time: number): void => {
    jest.spyOn(Date, 'now').mockReturnValue(time);
  };

  const stand = async (breaker: string, since: number): Promise<void> => {
    await redis.hset(laneKey('ops'), { breaker, since, lastFailure: 'slack.down: Slack did not answer' });
  };

  /** What the rules are told, in the order in which it was. */
  async function told(): Promise<ToldEvent[]> {
    const all: ToldEvent[] = [];
    for await (const page of bodies.stored())
      for (const [jobId, { lengths }] of page)
        for (const body of (await bodies.get(jobId, lengths)) ?? [])
          all.push(JSON.parse(body.toString()) as ToldEvent);
    return all;
  }
  const states = async (): Promise<unknown[]> => (await told()).map(({ data }) => data['state']).sort();

  it('tells of a destination that fails, with what waits for it', async () => {
    await lanes.add('ops', [{ name: 'slack', data: effectFor({ to: 'ops' }), opts: {} }]);
    // When a breaker opens, what was sent beside the attempt that opened it is still under way.
    await redis.lpush(lanes.lane('ops').toKey('active'), 'one', 'other');
    await stand('open', SINCE);
    await news().changed('ops');
    expect(await told()).toMatchObject([
      {
        type: 'signalman.destination.failing',
        subject: 'ops',
        data: {
          destination: 'ops',
          kind: 'slack',
          state: 'failing',
          since: '2026-05-04T10:00:00.000Z',
          reason: 'slack.down: Slack did not answer',
          waiting: 3,
        },
      },
    ]);
  });

  it('tells each trouble once, however often it opens anew and whoever hears of it', async () => {
    await stand('open', SINCE);
    await Promise.all([news().changed('ops'), news().changed('ops')]);
    await stand('half-open', SINCE);
    await news().changed('ops');
    await stand('open', SINCE + 5_000);
    await news().changed('ops');
    expect(new Set((await told()).map(({ id }) => id)).size).toBe(1);
  });

  it('tells when it wants nothing any more, and when it is sent to again, and then of the next trouble', async () => {
    await stand('open', SINCE);
    await news().changed('ops');
    await stand('disabled', SINCE + 1);
    await news().changed('ops');
    at(SINCE + 2);
    await new Lanes(connections, lanes).resume('ops');
    at(SINCE + 2 + QUIET_MS);
    await news().changed('ops');
    expect(await states()).toEqual(['disabled', 'failing', 'well']);
    expect((await told()).find(({ data }) => data['state'] === 'well')?.data['since']).toBe(
      new Date(SINCE + 1).toISOString(),
    );
    await stand('open', SINCE + 60_000);
    await news().changed('ops');
    expect(await states()).toEqual(['disabled', 'failing', 'failing', 'well']);
    expect(new Set((await told()).map(({ id }) => id)).size).toBe(4);
  });

  it('tells of one that is well and fails in turn once, and that it is well when it has been so for a while', async () => {
    for (let time = SINCE; time < SINCE + 60 * MINUTE; time += MINUTE) {
      at(time);
      await stand(time % (2 * MINUTE) === 0 ? 'open' : 'closed', time);
      await news().changed('ops');
    }
    expect(await states()).toEqual(['failing']);
    at(SINCE + 59 * MINUTE + QUIET_MS - 1);
    await news().changed('ops');
    expect(await states()).toEqual(['failing']);
    at(SINCE + 59 * MINUTE + QUIET_MS);
    await Promise.all([news().changed('ops'), news().changed('ops')]);
    await news().changed('ops');
    expect(new Set((await told()).map(({ id }) => id)).size).toBe(2);
    expect((await told()).find(({ data }) => data['state'] === 'well')?.data['since']).toBe(
      new Date(SINCE).toISOString(),
    );
  });

  it('tells of one that asks to be left alone for long, be it at once or again and again, and of its end', async () => {
    const asked = (until: number) =>
      redis.hset(laneKey('ops'), {
        askedSince: SINCE,
        until,
        lastFailure: 'marketo.607: Daily quota reached',
      });
    at(SINCE);
    await asked(SINCE + 14 * MINUTE);
    await news().changed('ops');
    expect(await told()).toEqual([]);
    at(SINCE + 14 * MINUTE);
    await asked(SINCE + 28 * MINUTE);
    await news().changed('ops');
    expect(await told()).toMatchObject([
      {
        data: {
          state: 'failing',
          since: new Date(SINCE).toISOString(),
          reason: 'marketo.607: Daily quota reached',
        },
      },
    ]);
    at(SINCE + 28 * MINUTE + QUIET_MS - 1);
    await news().changed('ops');
    expect(await states()).toEqual(['failing']);
    at(SINCE + 28 * MINUTE + QUIET_MS);
    await news().changed('ops');
    expect(await states()).toEqual(['failing', 'well']);
  });

  it('tells once when more waits than its share, also while a person paused it, and when half of that has gone', async () => {
    const queue = lanes.lane('ops');
    const pause = { by: 'cli:ada', reason: 'They move house', since: '2026-05-04T10:00:00.000Z' };
    await new Lanes(connections, lanes).pause('ops', pause);
    await lanes.add(
      'ops',
      effectsFor(SHARE, { to: 'ops' }).map((data) => ({ name: 'slack', data, opts: {} })),
    );
    await Promise.all([news().changed('ops'), news().changed('ops')]);
    expect(new Set((await told()).map(({ id }) => id)).size).toBe(1);
    expect((await told())[0]?.data).toMatchObject({
      state: 'full',
      reason: `${SHARE} effects wait and 0 are dead letters`,
      waiting: SHARE,
    });
    const leave = async (count: number) => {
      for (const id of (await queue.getRanges(['waiting'], 0, -1)).slice(count)) await queue.remove(id);
      await news().changed('ops');
    };
    await leave(SHARE / 2);
    expect(new Set(await states())).toEqual(new Set(['full']));
    await leave(SHARE / 2 - 1);
    expect(new Set(await states())).toEqual(new Set(['full', 'well']));
  });

  it('tells at its next round what a worker that died had seen', async () => {
    await stand('open', SINCE);
    const clock = news();
    clock.onApplicationBootstrap();
    await eventually(async () => (await states()).length === 1);
    clock.beforeApplicationShutdown();
  });

  it('says nothing while all is well', async () => {
    await stand('closed', SINCE);
    await news().changed('ops');
    expect(await told()).toEqual([]);
  });
});
