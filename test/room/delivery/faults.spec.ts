import 'reflect-metadata';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { AppConfig } from '../../../src/config/app-config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import type { Connections } from '../../../src/contracts/connections.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { DeliveryModule } from '../../../src/delivery/delivery.module.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { ObservabilityModule } from '../../../src/observability/observability.module.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { DeadLetters } from '../../../src/queues/dead-letters.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { effectFor } from '../../support/effects.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const OPEN = { strict: false };
const HOUR_MS = 3_600_000;
const UNDER_WAY = ['waiting', 'active', 'delayed', 'prioritized'] as const;
const EACH = 12;

/** A worker whose lane was held looks again after a second, whatever its clock says. */
const LOOKS_MS = 1_500;

jest.setTimeout(180_000);

describe('the ledger of effects', () => {
  let redis: RedisForTest;
  let sandbox: Sandbox;
  let worker: TestingModule;
  let ahead = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await startRedis({ durable: false });
    sandbox = await startSandbox();
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
    const { sources, destinations } = sandbox.connections;
    const nowhere = { ...sandbox.receiver.destination(), url: 'https://receiver.invalid/hook' };
    const connections: Connections = { sources, destinations: { ...destinations, nowhere } };
    const imports = [
      ConfigModule.forRoot({ logLevel: 'error' } as AppConfig, connections),
      ...[ObservabilityModule, RedisModule.forRoot(redis.url), DeliveryModule],
    ];
    worker = await (await Test.createTestingModule({ imports }).compile()).init();
  });
  afterAll(async () => {
    await worker.close();
    jest.restoreAllMocks();
    await sandbox.close();
    await redis.stop();
  });

  const queue = (effects: readonly Effect[]): Promise<void> => worker.get(ActionsQueue, OPEN).addAll(effects);

  /** The clock of the worker goes ahead, what Redis itself counts down is over, and who waits for a job looks again. */
  async function hoursPass(hours: number): Promise<void> {
    ahead += hours * HOUR_MS;
    const lanes = worker.get(LaneQueues, OPEN);
    const client = worker.get(RedisConnections, OPEN).forWorkers();
    for (const name of await lanes.names()) {
      const lane = lanes.lane(name);
      await lane.removeRateLimitKey();
      await client.zadd(lane.toKey('marker'), 0, '0');
    }
  }

  async function count(...states: readonly (typeof UNDER_WAY)[number][]): Promise<number> {
    const lanes = worker.get(LaneQueues, OPEN);
    const counts = (await lanes.names()).map((name) => lanes.lane(name).getJobCountByTypes(...states));
    return (await Promise.all(counts)).reduce((sum, each) => sum + each, 0);
  }

  /** Time passes until every effect is over, but never within an attempt. */
  async function seeThrough(steps: number, hours: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      const begun = performance.now();
      await eventually(
        async () =>
          (await count(...UNDER_WAY)) === 0 ||
          (performance.now() - begun > LOOKS_MS && (await count('active')) === 0),
        { timeoutMs: 60_000 },
      );
      if ((await count(...UNDER_WAY)) === 0) return;
      await hoursPass(hours);
    }
    throw new Error(`${await count(...UNDER_WAY)} effects are not over after ${steps * hours} hours`);
  }

  const standings = (effects: readonly Effect[]) =>
    Promise.all(effects.map(async ({ id }) => (await worker.get(EffectLedger, OPEN).get(id))?.standing));

  it('tells what the targets saw, whatever their connections went through', async () => {
    const { receiver, slack, mail, marketo } = sandbox;
    const numbers = Array.from({ length: EACH }, (_, index) => index + 1);
    const webhooks = numbers.map((n) => effectFor({ params: { to: 'receiver', body: n } }));
    const once = { type: 'slack', to: 'ops-bot', guarantee: 'at-most-once' } as const;
    const posts = numbers.map((n) => effectFor({ ...once, params: { to: 'ops-bot', text: `post ${n}` } }));
    const mails = numbers.map((n) =>
      effectFor({
        type: 'email',
        to: 'oncall',
        guarantee: 'at-most-once',
        params: { to: 'oncall', subject: `mail ${n}`, text: 'x' },
      }),
    );
    const members = numbers.map((lead) =>
      effectFor({ type: 'marketo.addToList', to: 'marketo', params: { list: 1001, lead } }),
    );

    receiver.failNext({ httpStatus: 500, times: 3 });
    receiver.failNext({ reset: true, times: 2 });
    receiver.failNext({ reset: true, afterEffect: true, times: 2 });
    receiver.failNext({ cutBody: true, afterEffect: true });
    receiver.failNext({ httpStatus: 429, headers: { 'retry-after': '7200' } });
    receiver.failNext({ hang: true, afterEffect: true });
    slack.failNext({ httpStatus: 200, body: '{"ok":false,"error":"channel_not_found"}' });
    slack.failNext({ httpStatus: 503 });
    slack.failNext({ reset: true, afterEffect: true, times: 2 });
    slack.failNext({ httpStatus: 429, headers: { 'retry-after': '1' } });
    mail.failNext({ at: 'data', responseCode: 451 });
    mail.failNext({ at: 'data', reset: true, afterEffect: true });
    mail.failNext({ at: 'data', responseCode: 550 });
    marketo.failNext({ path: '/lists/', code: '606' });
    marketo.failNext({ path: '/lists/', code: '611' });
    marketo.failNext({ path: '/lists/', reset: true, afterEffect: true });
    marketo.failNext({ path: '/lists/', code: '601' });
    await queue([...webhooks, ...posts, ...mails, ...members]);
    await seeThrough(40, 1);

    expect(await standings(webhooks)).toEqual(webhooks.map(() => 'done'));
    expect(new Set(receiver.unique().map(({ id }) => id))).toEqual(new Set(webhooks.map(({ id }) => id)));

    const ofPosts = await standings(posts);
    const seen = numbers.map((n) => slack.messages.all().filter(({ text }) => text === `post ${n}`).length);
    for (const [index, standing] of ofPosts.entries())
      expect([standing, seen[index]]).toEqual(
        standing === 'failed' ? ['failed', 0] : [expect.stringMatching(/^(done|unknown)$/), 1],
      );
    expect(ofPosts.filter((standing) => standing === 'failed')).toHaveLength(1);
    expect(ofPosts.filter((standing) => standing === 'unknown')).toHaveLength(2);

    const ofMails = await standings(mails);
    const subjects = mail.messages.all().map(({ subject }) => subject);
    const arrived = numbers.map((n) => subjects.filter((subject) => subject === `mail ${n}`).length);
    for (const [index, standing] of ofMails.entries())
      expect([standing, arrived[index]]).toEqual(
        standing === 'failed' ? ['failed', 0] : [expect.stringMatching(/^(done|unknown)$/), 1],
      );
    expect([...ofMails].filter((standing) => standing !== 'done').sort()).toEqual(['failed', 'unknown']);

    expect(
      (await standings(members)).every((standing) => standing === 'done' || standing === 'skipped'),
    ).toBe(true);
    expect([...marketo.instance.list(1001)].sort((a, b) => a - b)).toEqual(numbers);
    expect(marketo.violations.all()).toEqual([]);
  });

  it('gives up what cannot be reached for three days, and says why', async () => {
    const lost = effectFor({ to: 'nowhere', params: { to: 'nowhere', body: 1 } });
    await queue([lost]);
    await seeThrough(40, 20);
    expect(await standings([lost])).toEqual(['failed']);
    const letters = await worker.get(DeadLetters, OPEN).list();
    expect(letters.find(({ id }) => id === lost.id)?.reason).toMatch(
      /^http\.connect: .*(?:ENOTFOUND|EAI_AGAIN)/,
    );
    const entry = await worker.get(EffectLedger, OPEN).get(lost.id);
    expect(entry?.attempts).toBeGreaterThan(10);
  });

  it('sends everything, once, to a destination that comes back after hours', async () => {
    const { receiver } = sandbox;
    receiver.clear();
    receiver.failNext({ reset: true, times: Infinity });
    const effects = Array.from({ length: 60 }, () => effectFor({ params: { to: 'receiver', body: 1 } }));
    await queue(effects);
    for (let hour = 0; hour < 5; hour += 1) {
      const before = receiver.requests.size;
      await eventually(async () => (await count('active')) === 0);
      await hoursPass(1);
      await eventually(() => receiver.requests.size > before);
    }
    // One at a time tries whether it is well: not sixty an hour.
    expect(receiver.requests.size).toBeLessThan(60);
    expect(receiver.all()).toHaveLength(0);
    receiver.recover();
    await seeThrough(40, 1);
    expect(await standings(effects)).toEqual(effects.map(() => 'done'));
    expect(receiver.unique().map(({ count }) => count)).toEqual(effects.map(() => 1));
  });
});
