import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Effect } from '../../../src/contracts/effect.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConsoleApp } from './console-app.js';

let redis: RedisForTest;
let client: Redis;
let api: ConsoleApp;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  api = await ConsoleApp.start(redis.url);
});
afterEach(async () => {
  await api.stop();
});

describe('dead letters', () => {
  it('are listed without what they carry, and put back', async () => {
    const at = { connection: { url: redis.url }, prefix: QUEUE_PREFIX };
    const lanes = new LaneQueues(client);
    const queue = lanes.lane('ops');
    const worker = new Worker(
      queue.name,
      () => Promise.reject(new Error('smtp.550: no ada@acme.example')),
      at,
    );
    const data = { to: 'ops', ruleId: 'r', params: { text: 'private' } } as unknown as Effect;
    await lanes.add('ops', [{ name: 'slack', data, opts: { jobId: 'e1', attempts: 1 } }]);
    await eventually(async () => (await queue.getFailedCount()) === 1);
    await worker.close();
    const [viewer, operator, admin] = [
      await api.key('viewer'),
      await api.key('operator'),
      await api.key('admin'),
    ];
    const { json, text } = await api.ask('/api/v1/dead-letters?limit=5', { key: viewer });
    expect(json).toMatchObject({
      total: { events: 0, actions: 1 },
      letters: [{ id: 'e1', queue: 'actions', name: 'slack', reason: 'smtp.550', to: 'ops', ruleId: 'r' }],
    });
    expect(text).not.toContain('private');
    expect(text).not.toContain('ada@acme.example');
    const whole = await api.ask('/api/v1/dead-letters', { key: operator });
    expect(whole.json).toMatchObject({ letters: [{ reason: 'smtp.550: no ada@acme.example' }] });
    const replayed = await api.ask('/api/v1/dead-letters/e1/replay', { method: 'POST', key: operator });
    expect([replayed.status, replayed.json]).toEqual([200, { replayed: 'e1' }]);
    expect(await queue.getWaiting()).toMatchObject([{ id: 'e1' }]);
    const again = await api.ask('/api/v1/dead-letters/e1/replay', { method: 'POST', key: operator });
    expect([again.status, again.json['error']]).toEqual([404, 'not_found']);
    const { json: audit } = await api.ask('/api/v1/audit?limit=1', { key: admin });
    expect(audit['changes']).toMatchObject([{ what: 'dead.replayed', target: 'e1', name: 'operator' }]);
    await lanes.onApplicationShutdown();
  });

  it.each(['0', '-1', 'x', '1001', '1e2'])('a limit of %s is refused', async (limit) => {
    const answer = await api.ask(`/api/v1/dead-letters?limit=${limit}`, { key: await api.key('viewer') });
    expect([answer.status, answer.json['message']]).toEqual([
      400,
      'limit: give a whole number from 1 to 1000.',
    ]);
  });
});
