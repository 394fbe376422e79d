import 'reflect-metadata';
import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Effect } from '../../../src/contracts/effect.js';
import { OldActions } from '../../../src/queues/old-actions.js';
import { ACTIONS_QUEUE } from '../../../src/queues/queue-names.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { effectFor } from '../../support/effects.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ScriptedLanes } from './scripted-lanes.js';

let redis: RedisForTest;
let client: Redis;
let rooms: ScriptedLanes;
let old: OldActions;
let queue: Queue;

beforeAll(async () => {
  redis = await startRedis({ durable: false });
  client = new Redis(redis.url, { maxRetriesPerRequest: null });
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  rooms = await ScriptedLanes.open(redis.url);
  old = new OldActions(client, rooms.actions);
  queue = new Queue(ACTIONS_QUEUE, { connection: client, prefix: QUEUE_PREFIX });
});
afterEach(async () => {
  await Promise.all([rooms.close(), old.onApplicationShutdown(), queue.close()]);
});

const add = (effect: Effect, delay = 0): Promise<unknown> =>
  queue.add(effect.type, effect, { jobId: effect.id, attempts: 13, delay });

async function work(process: (job: Job) => Promise<void>): Promise<Worker> {
  const worker = new Worker(ACTIONS_QUEUE, process, { connection: client, prefix: QUEUE_PREFIX });
  await worker.waitUntilReady();
  return worker;
}

it('moves what waits and what was given up into the lanes, each once, and leaves nothing', async () => {
  const [dead, waiting, later] = [
    effectFor({ to: 'crm' }),
    effectFor({ to: 'crm' }),
    effectFor({ to: 'ops' }),
  ];
  await add(dead);
  const worker = await work(() => Promise.reject(new UnrecoverableError('http.400: no')));
  await eventually(async () => (await queue.getFailedCount()) === 1);
  await worker.close();
  await add(waiting);
  await add(later, 3_600_000);
  expect(await old.move()).toBe(3);
  expect(await old.move()).toBe(0);
  const [crm, ops] = [rooms.queues.lane('crm'), rooms.queues.lane('ops')];
  expect(await crm.getRanges(['prioritized'], 0, -1)).toEqual([waiting.id]);
  expect(await ops.getRanges(['prioritized'], 0, -1)).toEqual([later.id]);
  expect(await rooms.dead.list()).toMatchObject([{ id: dead.id, data: dead, reason: 'http.400: no' }]);
  expect(await client.keys(`${QUEUE_PREFIX}:${ACTIONS_QUEUE}:*`)).toEqual([]);
  const script = rooms.work('crm');
  expect(await rooms.dead.replay(dead.id, () => Promise.resolve())).toBe(true);
  await eventually(() => script.seen.length === 2);
  expect([...script.ids].sort()).toEqual([dead.id, waiting.id]);
});

it('leaves alone what a worker of the version before is at, until it stops', async () => {
  const one = effectFor({ to: 'crm' });
  await add(one);
  const worker = await work(() => new Promise(() => undefined));
  await eventually(async () => (await queue.getActiveCount()) === 1);
  expect(await old.move()).toBe(0);
  await worker.close(true);
  await client.del(`${queue.toKey(one.id)}:lock`);
  expect(await old.move()).toBe(1);
  expect(await rooms.queues.lane('crm').getRanges(['prioritized'], 0, -1)).toEqual([one.id]);
});

it('does not make a dead letter of what its lane holds under the same id', async () => {
  const one = effectFor({ to: 'crm' });
  await add(one);
  const worker = await work(() => Promise.reject(new UnrecoverableError('http.400: no')));
  await eventually(async () => (await queue.getFailedCount()) === 1);
  await worker.close();
  await rooms.actions.addAll([one]);
  await old.move();
  expect(await rooms.dead.count()).toEqual({ events: 0, actions: 0 });
  expect(await rooms.queues.lane('crm').getRanges(['prioritized'], 0, -1)).toEqual([one.id]);
});

it('moves what does not say whom it is for into a lane that no destination has', async () => {
  const one = effectFor();
  await add({ ...one, to: undefined } as unknown as Effect);
  await old.move();
  expect(await rooms.queues.lane('unknown').getRanges(['prioritized'], 0, -1)).toEqual([one.id]);
});
