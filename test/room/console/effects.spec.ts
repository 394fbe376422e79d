import { Redis } from 'ioredis';
import type { Effect } from '../../../src/contracts/effect.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from '../delivery/some-effect.js';
import { ConsoleApp } from './console-app.js';

let redis: RedisForTest;
let client: Redis;
let connections: RedisConnections;
let api: ConsoleApp;
beforeAll(async () => {
  redis = await startRedis({ durable: false });
  client = new Redis(redis.url);
  connections = new RedisConnections(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await connections.close();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  api = await ConsoleApp.start(redis.url);
});
afterEach(async () => {
  await api.stop();
});

/** One attempt that was refused, with everything that could tell of a person. */
async function refused(changes: Partial<Effect> = {}): Promise<Effect> {
  const effect = someEffect({ params: { text: 'private: params' }, ...changes });
  const ledger = new EffectLedger(connections);
  await ledger.claim(effect, { token: 't', leaseMs: 60_000 });
  const end = ending('failed', 'smtp.550: private: reason');
  const request = { method: 'POST', target: 'https://crm.acme.example/', body: 'private: body' };
  const record = {
    ...end.record,
    at: '2026-05-04T10:00:00.000Z',
    ms: 5,
    outcome: 'failed',
    reason: end.reason,
  } as const;
  await ledger.settle(effect, 't', {
    ...end,
    record: { ...record, request, answer: { status: 400, text: 'private: answer' } },
  });
  return effect;
}

it('tells viewers how effects ended, and operators what they said', async () => {
  const { id } = await refused({
    cause: { effectId: 'e1', ruleId: 'r', eventId: 'v', depth: 1, via: 'emit' },
  });
  const [viewer, operator] = [await api.key('viewer'), await api.key('operator')];
  for (const path of ['/api/v1/effects', `/api/v1/effects/${id}`]) {
    const bare = await api.ask(path, { key: viewer });
    expect(bare.status).toBe(200);
    expect(bare.text).not.toContain('private');
    const whole = await api.ask(path, { key: operator });
    for (const part of ['params', 'reason', 'body', 'answer'])
      expect(whole.text).toContain(`private: ${part}`);
  }
  const { json } = await api.ask(`/api/v1/effects/${id}`, { key: viewer });
  expect(json).toMatchObject({
    ...{ id, type: 'slack', to: 'ops', outcome: 'failed', reason: 'smtp.550', attempts: 1, queued: false },
    log: [{ outcome: 'failed', ms: 5 }],
    causes: [{ effectId: 'e1', ruleId: 'r', eventId: 'v' }],
  });
});

it('tells of what waits in its lane for its first try, and why', async () => {
  const lanes = new LaneQueues(connections.forWorkers());
  const effect = someEffect({ params: { text: 'private: params' } });
  await new ActionsQueue(lanes).addAll([effect]);
  await refused();
  const [viewer, operator] = [await api.key('viewer'), await api.key('operator')];
  const { json, text } = await api.ask('/api/v1/effects', { key: viewer });
  const queued = [{ id: effect.id, outcome: 'queued', attempts: 0, why: 'it is the next of its lane' }];
  expect(json).toMatchObject({ queued, effects: [{ outcome: 'failed' }] });
  expect(text).not.toContain('private');
  const whole = await api.ask('/api/v1/effects?outcome=queued', { key: operator });
  expect(whole.json).toMatchObject({ queued: [{ ...queued[0], params: effect.params }], effects: [] });
  expect((await api.ask('/api/v1/effects?outcome=failed', { key: viewer })).json['queued']).toEqual([]);
  await lanes.onApplicationShutdown();
});

it('finds effects page by page', async () => {
  const effects = [await refused(), await refused({ to: 'crm' }), await refused(), await refused()];
  const key = await api.key('viewer');
  const ids = async (query: string): Promise<{ ids: string[]; cursor: string }> => {
    const { json } = await api.ask(`/api/v1/effects?${query}`, { key });
    return { ids: (json['effects'] as Effect[]).map(({ id }) => id), cursor: String(json['cursor']) };
  };
  const { ids: first, cursor } = await ids('to=ops&limit=2');
  const { ids: rest } = await ids(`to=ops&limit=2&cursor=${cursor}`);
  const ofOps = effects.filter(({ to }) => to === 'ops').map(({ id }) => id);
  expect([...first, ...rest].sort()).toEqual(ofOps.sort());
  expect((await ids('outcome=done')).ids).toEqual([]);
  expect((await ids('until=2026-01-01T00:00:00Z')).ids).toEqual([]);
});

it('knows one that nothing was done about yet', async () => {
  const effect = someEffect();
  await api.app.get(ActionsQueue, { strict: false }).addAll([effect]);
  const { json } = await api.ask(`/api/v1/effects/${effect.id}`, { key: await api.key('operator') });
  expect(json).toMatchObject({ outcome: 'queued', queued: true, attempts: 0, params: effect.params });
  const viewer = await api.key('viewer');
  const missing = await api.ask('/api/v1/effects/e0', { key: viewer });
  expect([missing.status, missing.json['error']]).toEqual([404, 'not_found']);
  for (const name of ['meta', 'id', 'prioritized'])
    expect(await api.ask(`/api/v1/effects/${name}`, { key: viewer })).toMatchObject({ status: 404 });
});

it('lets only operators search what effects say', async () => {
  const { id } = await refused();
  const path = '/api/v1/effects?text=PARAMS';
  expect((await api.ask(path, { key: await api.key('viewer') })).status).toBe(403);
  const { json } = await api.ask(path, { key: await api.key('operator') });
  expect(json['effects']).toMatchObject([{ id }]);
});

it.each(['outcome=sent', 'lead=ada', 'since=yesterday', 'limit=0', 'cursor=x', 'colour=red'])(
  'refuses %s',
  async (query) => {
    const answer = await api.ask(`/api/v1/effects?${query}`, { key: await api.key('viewer') });
    expect([answer.status, answer.json['error']]).toEqual([400, 'bad_request']);
  },
);
