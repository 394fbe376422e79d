import { Redis } from 'ioredis';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { laneKey } from '../../../src/redis/keys.js';
import { effectFor } from '../../support/effects.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConsoleApp } from './console-app.js';

let redis: RedisForTest;
let client: Redis;
let lanes: LaneQueues;
let api: ConsoleApp;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url, { maxRetriesPerRequest: null });
  lanes = new LaneQueues(client);
  api = await ConsoleApp.start(redis.url);
  await lanes.add('crm', [{ name: 'webhook', data: effectFor({ to: 'crm' }), opts: { jobId: 'e1' } }]);
});
afterAll(async () => {
  await api.stop();
  await lanes.onApplicationShutdown();
  client.disconnect();
  await redis.stop();
});

it('are listed with what waits and what keeps it', async () => {
  const until = Date.now() + 60_000;
  await client.hset(laneKey('crm'), { breaker: 'open', until, since: 0, lastFailure: 'http.503: busy' });
  const { json } = await api.ask('/api/v1/lanes', { key: await api.key('viewer') });
  expect(json['lanes']).toMatchObject([
    {
      name: 'crm',
      ...{ waiting: 1, underWay: 0, delayed: 0, dead: 0 },
      breaker: 'open',
      since: '1970-01-01T00:00:00.000Z',
      heldUntil: new Date(until).toISOString(),
      lastFailure: 'http.503: busy',
    },
    { name: 'signalman', kind: 'signalman', breaker: 'closed' },
  ]);
});

it('are paused and resumed, which is written down', async () => {
  const [key, admin] = [await api.key('operator'), await api.key('admin')];
  const pause = { method: 'POST', key, body: { reason: 'They move house' } };
  expect((await api.ask('/api/v1/lanes/crm/pause', pause)).json).toEqual({ paused: 'crm' });
  const { json } = await api.ask('/api/v1/lanes', { key });
  expect(json['lanes']).toMatchObject([
    { name: 'crm', paused: { by: 'operator', reason: 'They move house' } },
    {},
  ]);
  const resumed = await api.ask('/api/v1/lanes/crm/resume', { method: 'POST', key });
  expect([resumed.status, resumed.json]).toEqual([200, { resumed: 'crm' }]);
  expect(JSON.stringify((await api.ask('/api/v1/lanes', { key })).json)).not.toContain('paused');
  const { json: audit } = await api.ask('/api/v1/audit?limit=2', { key: admin });
  expect(audit['changes']).toMatchObject([
    { what: 'lane.resumed', target: 'crm', name: 'operator' },
    { what: 'lane.paused', target: 'crm', name: 'operator', detail: 'They move house' },
  ]);
});

it('are for operators to pause, with a reason, when there are such', async () => {
  const [viewer, key] = [await api.key('viewer'), await api.key('operator')];
  const pause = (name: string, body: object, who = key): Promise<{ status: number; json: object }> =>
    api.ask(`/api/v1/lanes/${name}/pause`, { method: 'POST', key: who, body });
  expect((await pause('crm', { reason: 'x' }, viewer)).status).toBe(403);
  expect(await pause('crm', {})).toMatchObject({
    status: 400,
    json: { message: expect.stringMatching(/^reason: give/) as string },
  });
  expect(await pause('crn', { reason: 'x' })).toMatchObject({
    status: 404,
    json: { error: 'lane.unknown', message: 'There is no destination "crn". Did you mean "crm"?' },
  });
});
