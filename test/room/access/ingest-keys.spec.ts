import { ApiKeys } from '../../../src/access/api-keys.js';
import type { KeyRole } from '../../../src/access/key.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { type DoorApp, startDoor } from '../ingest/door-app.js';

const EVENT = '{"specversion":"1.0","id":"1","source":"/crm","type":"com.acme.account.updated"}';

let redis: RedisForTest;
let door: DoorApp;
beforeAll(async () => {
  redis = await startRedis();
  door = await startDoor('http://127.0.0.1:1', { redis: redis.url });
});
afterAll(async () => {
  await door.app.close();
  await redis.stop();
});

const keys = () => door.app.get(ApiKeys, { strict: false });
const key = async (role: KeyRole, source?: string): Promise<string> => {
  const to = source === undefined ? {} : { source };
  return (await keys().create({ name: role, role, ...to, createdBy: 'cli:test' })).text;
};

async function post(presented: string | undefined, name = 'x-api-key'): Promise<[number, unknown]> {
  const headers = { 'content-type': 'application/cloudevents+json' };
  const response = await fetch(`${door.origin}/ingest/events/crm`, {
    method: 'POST',
    body: EVENT,
    headers: presented === undefined ? headers : { ...headers, [name]: presented },
  });
  return [response.status, ((await response.json()) as { error?: unknown }).error];
}

it('takes events with its own key, and with one of the role ingest', async () => {
  expect(await post('crm-key')).toEqual([202, undefined]);
  expect(await post(await key('ingest'))).toEqual([202, undefined]);
  expect(await post(`Bearer ${await key('ingest', 'crm')}`, 'authorization')).toEqual([202, undefined]);
});

it('takes none with a key for something else', async () => {
  expect(await post(await key('ingest', 'billing'))).toEqual([403, 'forbidden']);
  for (const role of ['viewer', 'operator', 'admin'] as const)
    expect(await post(await key(role))).toEqual([403, 'forbidden']);
});

it('takes none without a key, or with one that was revoked', async () => {
  const text = await key('ingest');
  expect((await post(text))[0]).toBe(202);
  await keys().revoke(text.split('_')[1] ?? '');
  expect(await post(text)).toEqual([401, 'unauthorized']);
  expect(await post(undefined)).toEqual([401, 'unauthorized']);
  expect(await post('')).toEqual([401, 'unauthorized']);
});

it('says while Redis is away that the sender should come again, not that its key is wrong', async () => {
  const text = await key('ingest');
  await redis.kill9();
  const answer = await post(text);
  await redis.restart();
  expect(answer).toEqual([503, 'access_unavailable']);
  await eventually(async () => (await post(text))[0] === 202);
});

it('stops guessing, and not the sender behind the same address', async () => {
  expect((await post('crm-key'))[0]).toBe(202);
  const answers = [];
  for (let i = 0; i < 25; i += 1) answers.push((await post(`guess ${i}`))[1]);
  expect(answers.slice(0, 10)).toEqual(Array<string>(10).fill('unauthorized'));
  expect(answers.slice(-5)).toEqual(Array<string>(5).fill('too_many_attempts'));
  expect((await post('crm-key'))[0]).toBe(202);
});
