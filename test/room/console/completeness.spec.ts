import { Redis } from 'ioredis';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConsoleApp } from './console-app.js';

let redis: RedisForTest;
let client: Redis;
let api: ConsoleApp;
let key: string;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  api = await ConsoleApp.start(redis.url);
  key = await api.key('viewer');
  const hour = { 'crm|external|webhook': 7, 'crm|external|decided': 5, 'crm|external|duplicates': 2 };
  await client.hset('{signalman}:ledger:2026-11-20T10', hour);
  await client.hset('{signalman}:ledger:2026-11-20T11', { 'lab|external|webhook': 1 });
});
afterAll(async () => {
  client.disconnect();
  await api.stop();
  await redis.stop();
});

const ask = async (query: string) => await api.ask(`/api/v1/completeness${query}`, { key });

it('tells of the hours that were asked for', async () => {
  const { status, json } = await ask('?from=2026-11-20T10:30:00Z&to=2026-11-20T10:59:00Z');
  expect([status, json['complete'], json['from'], json['to']]).toEqual([
    200,
    true,
    '2026-11-20T10',
    '2026-11-20T10',
  ]);
  expect(json['sentence']).toContain('7 received = 7 expected, 0 missing');
  expect(json['streams']).toMatchObject([{ source: 'crm', received: 7, accounted: 7 }]);
});

it('tells of one source', async () => {
  const { json } = await ask('?from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z&source=lab');
  expect(json).toMatchObject({ complete: false, streams: [{ source: 'lab', missing: 1 }] });
});

it('tells of what came, however far ahead it is asked', async () => {
  const hour = new Date().toISOString().slice(0, 13);
  await client.hset(`{signalman}:ledger:${hour}`, { 'now|external|webhook': 1 });
  const { json } = await ask(`?from=${hour}:00:00Z&to=9999-01-01T00:00:00Z&source=now`);
  expect(json).toMatchObject({ complete: false, streams: [{ source: 'now', missing: 1 }] });
});

it('tells of the last day when nothing else is asked', async () => {
  const { json } = await ask('');
  const [from, to] = [json['from'], json['to']].map((hour) => Date.parse(`${String(hour)}:00:00Z`));
  expect((to ?? 0) - (from ?? 0)).toBe(24 * 3_600_000);
});

it.each([
  ['?from=yesterday', /from: give a time such as/],
  // ISO 8601 as well, but JavaScript knows no such times, and nothing is missing from no hours at all.
  ['?from=2026-W47-5', /from: give a time such as/],
  ['?to=2026-324', /to: give a time such as/],
  ['?from=2026-11-20T10:00:00Z&from=2026-11-20T10:00:00Z', /from: give a time such as/],
  ['?from=9999-01-01', /later than to, nor than now/],
  ['?from=2026-11-20T10:00:00Z&to=2026-11-19T10:00:00Z', /later than to/],
  ['?source=../x', /source: give/],
  ['?since=1', /no member "since"/],
])('answers 400 to %s', async (query, message) => {
  const { status, json } = await ask(query);
  expect([status, json['error']]).toEqual([400, 'bad_request']);
  expect(json['message']).toMatch(message);
});
