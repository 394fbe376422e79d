import 'reflect-metadata';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Redis } from 'ioredis';
import type { AppConfig } from '../../../src/config/app-config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import type { Connections, WebhookDestination } from '../../../src/contracts/connections.js';
import { Deliverer } from '../../../src/delivery/deliverer.js';
import { DeliveryModule } from '../../../src/delivery/delivery.module.js';
import { ObservabilityModule } from '../../../src/observability/observability.module.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { DeadLetters } from '../../../src/queues/dead-letters.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { Lanes } from '../../../src/queues/lanes.js';
import { laneKey } from '../../../src/redis/keys.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { WebhookReceiver } from '../../../src/sandbox/webhook-receiver.js';
import { effectFor, effectsFor } from '../../support/effects.js';
import { eventually } from '../../support/eventually.js';
import { serve } from '../../support/http-server.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

/** Whichever room they are in. */
const OPEN = { strict: false };
const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;

describe('LaneWorkers', () => {
  let redis: RedisForTest;
  let client: Redis;
  let worker: TestingModule;
  const [crm, shop] = [new WebhookReceiver(SECRET), new WebhookReceiver(SECRET)];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await startRedis({ durable: false });
    client = new Redis(redis.url, { maxRetriesPerRequest: null });
    await Promise.all([crm, shop].map((receiver) => receiver.listen('127.0.0.1', 0)));
  });
  afterAll(async () => {
    await Promise.all([crm.close(), shop.close()]);
    client.disconnect();
    await redis.stop();
  });
  beforeEach(async () => {
    await client.flushall();
  });
  afterEach(async () => {
    await worker.close();
    for (const receiver of [crm, shop]) receiver.clear();
  });

  /** A process of the post, with these destinations beside those that it always has. */
  async function start(more: Record<string, WebhookDestination> = {}): Promise<void> {
    const connections: Connections = {
      sources: {},
      destinations: { crm: crm.destination(), shop: shop.destination(), ...more },
    };
    const imports = [
      ConfigModule.forRoot({ logLevel: 'error' } as AppConfig, connections),
      ...[ObservabilityModule, RedisModule.forRoot(redis.url), DeliveryModule],
    ];
    worker = await Test.createTestingModule({ imports }).compile();
    worker.useLogger(false);
    await worker.init();
  }

  const queue = (...effects: Parameters<ActionsQueue['addAll']>[0]): Promise<void> =>
    worker.get(ActionsQueue, OPEN).addAll(effects);

  it('send what waits for one destination while another hangs with all its places taken', async () => {
    await start();
    crm.failNext({ hang: true, times: Infinity });
    await queue(...effectsFor(40, { to: 'crm' }), ...effectsFor(100, { to: 'shop' }));
    await eventually(() => shop.unique().length === 100);
    const lanes = await worker.get(Lanes, OPEN).list({});
    expect(lanes.find(({ name }) => name === 'crm')).toMatchObject({ underWay: 32, waiting: 8 });
    crm.recover();
  });

  it('open the lane of a destination that is gone, and make dead letters of what it holds', async () => {
    const lanes = new LaneQueues(client);
    const left = effectFor({ to: 'gone' });
    await lanes.add('gone', [{ name: 'webhook', data: left, opts: { jobId: left.id } }]);
    await start();
    const [letter] = await eventually(async () => {
      const letters = await worker.get(DeadLetters, OPEN).list();
      return letters.length > 0 ? letters : undefined;
    });
    expect(letter?.id).toBe(left.id);
    expect(letter?.reason).toMatch(/^connection\.missing: No webhook connection named "gone"/);
    await lanes.onApplicationShutdown();
  });

  it('keep to what a connection says may be under way at once, and forget it with the connection', async () => {
    await start({ shy: { ...crm.destination(), lane: { atOnce: 2 } } });
    const lane = worker.get(LaneQueues, OPEN).lane('shy');
    await eventually(async () => (await lane.getGlobalConcurrency()) === 2);
    await worker.close();
    await start({ shy: crm.destination() });
    const again = worker.get(LaneQueues, OPEN).lane('shy');
    await eventually(async () => (await again.getGlobalConcurrency()) === null);
  });

  it('send nothing to a destination that a person paused, until it is resumed', async () => {
    await start();
    const lanes = worker.get(Lanes, OPEN);
    await lanes.pause('crm', { by: 'cli:ada', reason: 'They move house', since: '2026-05-04T10:00:00.000Z' });
    await queue(...effectsFor(40, { to: 'crm' }), ...effectsFor(40, { to: 'shop' }));
    await eventually(() => shop.unique().length === 40);
    const crmLane = async () => (await lanes.list({})).find(({ name }) => name === 'crm');
    await eventually(async () => (await crmLane())?.waiting === 40);
    expect(crm.requests.size).toBe(0);
    await lanes.resume('crm');
    await eventually(() => crm.unique().length === 40, { timeoutMs: 5_000 });
  });

  it('try hardly any effect twice while their pace lets only some of them go', async () => {
    await start({ shy: { ...crm.destination(), lane: { pace: { everyMs: 200, burst: 1 } } } });
    const tries = jest.spyOn(worker.get(Deliverer, OPEN), 'deliver');
    await queue(...effectsFor(20, { to: 'shy' }));
    await eventually(() => crm.unique().length === 20, { timeoutMs: 20_000 });
    expect(tries.mock.calls.length).toBeLessThanOrEqual(2 * 20);
  });

  it('send what is good soon after a breaker opened, whatever their receiver cannot bear', async () => {
    const good = new Set<string>();
    const delicate = await serve((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        if (!body.includes('poison')) good.add(String(request.headers['webhook-id']));
        response.writeHead(body.includes('poison') ? 500 : 200).end();
      });
    });
    await start({ shy: { ...crm.destination(), url: delicate.origin } });
    const params = { to: 'shy', body: 'poison' };
    await queue(...effectsFor(6, { to: 'shy', priority: 'high', params }));
    await eventually(async () => (await client.hget(laneKey('shy'), 'breaker')) === 'open');
    await queue(...effectsFor(50, { to: 'shy' }));
    await eventually(() => good.size === 50, { timeoutMs: 12_000 });
    expect(await client.hget(laneKey('shy'), 'breaker')).toBe('closed');
    await delicate.close();
  });

  it('lose nothing while their receiver refuses our credentials', async () => {
    await start();
    crm.failNext({ httpStatus: 401, times: Infinity });
    await queue(...effectsFor(80, { to: 'crm' }));
    await eventually(async () => (await client.hget(laneKey('crm'), 'breaker')) === 'open');
    // Those that were under way when it opened, and the four before them.
    await eventually(async () => (await worker.get(LaneQueues, OPEN).lane('crm').getActiveCount()) === 0);
    expect(crm.requests.size).toBeLessThanOrEqual(36);
    crm.recover();
    await eventually(() => crm.unique().length === 80, { timeoutMs: 15_000 });
    expect(await worker.get(DeadLetters, OPEN).list()).toEqual([]);
  });

  it('move what the version before had queued', async () => {
    const old = effectFor({ to: 'crm' });
    await client.hset('{signalman}:actions:meta', 'opts.maxLenEvents', 100);
    await client.hset(`{signalman}:actions:${old.id}`, {
      ...{ name: 'webhook', data: JSON.stringify(old), opts: '{"attempts":13}' },
      ...{ timestamp: Date.now(), delay: 0, priority: 0 },
    });
    await client.lpush('{signalman}:actions:wait', old.id);
    await start();
    await eventually(() => crm.unique().length === 1);
    expect(crm.unique()[0]?.id).toBe(old.id);
    await eventually(async () => (await client.keys('{signalman}:actions:*')).length === 0);
  });
});
