import { retryAt, transient } from '../../../src/contracts/failure.js';
import { eventually } from '../../support/eventually.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';
import { eventsOf } from './adobe.js';
import { Pulling } from './pulling.js';

const KEY = '{signalman}:adobe-journal:marketo-io';

let redis: RedisForTest;
let on: Pulling;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  on = await Pulling.begin(redis.url);
});
afterEach(() => on.end());

it('stores every page as one batch, byte for byte, without a pause between them', async () => {
  on.adobe.standIn.pageSize = 2;
  on.append('a', 'b', 'c');
  on.start();
  await on.adobe.pace.idle();
  expect(on.pages()).toEqual([['a', 'b'], ['c']]);
  expect(on.stored[0]).toMatchObject({
    source: 'marketo-io',
    kind: 'adobe',
    route: 'journal',
    mode: 'live',
    receivedAt: new Date(on.adobe.pace.now()).toISOString(),
  });
  expect(on.stored[0]).not.toHaveProperty('run');
  expect(on.adobe.pace.waits).toEqual([1_000]);
  expect(await on.metric('signalman_journal_events_total')).toContain(
    'signalman_journal_events_total{source="marketo-io"} 3',
  );
});

it('asks again when Adobe says so, after 2 s when it says nothing', async () => {
  on.start();
  await on.adobe.pace.idle();
  expect(on.adobe.pace.waits).toEqual([2_000]);
  on.append('a');
  on.adobe.standIn.retryAfter = 7;
  on.adobe.pace.pass(2_000);
  await eventually(() => on.adobe.pace.waits.length === 2);
  expect(on.adobe.pace.waits).toEqual([2_000, 7_000]);
  expect(on.pages()).toEqual([['a']]);
});

it('keeps its lease through a long wait', async () => {
  on.adobe.standIn.failNext({ path: '/events', httpStatus: 429, headers: { 'retry-after': '60' } });
  on.start();
  await on.adobe.pace.idle();
  for (let waits = 1; waits <= 6; waits += 1) {
    await eventually(() => on.adobe.pace.waits.length === waits);
    on.adobe.pace.pass(10_000);
  }
  await eventually(() => on.requests() === 2);
  expect(on.adobe.pace.waits.slice(0, 6)).toEqual(Array(6).fill(10_000));
});

it('begins with what comes from now on, and misses nothing of it', async () => {
  on.append('old', 'latest');
  on.start({}, 'latest');
  await on.adobe.pace.idle();
  // Adobe's latest page holds the last event.
  expect(on.pages()).toEqual([['latest']]);
  on.append('a', 'b');
  await on.nextRead();
  expect(on.pages()).toEqual([['latest'], ['a', 'b']]);
});

it('begins at the end of an empty journal only once', async () => {
  on.start({}, 'latest');
  await on.adobe.pace.idle();
  on.append('a', 'b');
  await on.nextRead();
  expect(on.pages()).toEqual([['a', 'b']]);
});

it('moves on only when a page is stored, and repeats the page until it is', async () => {
  on.append('a');
  on.refusal = transient('queue.away', 'Redis is away.');
  const puller = on.start();
  await on.adobe.pace.idle();
  expect(puller.health()).toEqual({ ok: true, detail: 'cannot be read: Redis is away.' });
  expect(await on.tools.positions.get('marketo-io')).toBeUndefined();
  on.refusal = undefined;
  await on.nextRead();
  expect(on.pages()).toEqual([['a']]);
  await eventually(async () => (await on.tools.positions.get('marketo-io'))?.next.includes('since=penguin'));
});

it('takes a breath after a page without events', async () => {
  const link = `<${new URL(on.adobe.journal.url).pathname}?since=penguin:0>; rel="next"`;
  on.adobe.standIn.failNext({ path: '/events', httpStatus: 200, body: '{"events":[]}', headers: { link } });
  on.start();
  await on.adobe.pace.idle();
  expect(on.requests()).toBe(1);
  expect(on.adobe.pace.waits).toEqual([2_000]);
  expect(on.stored).toEqual([]);
});

it('asks ever more seldom while Adobe says that all of its journal has expired', async () => {
  on.adobe.standIn.failNext({ path: '/events', httpStatus: 410, times: 100 });
  on.start();
  await on.adobe.pace.idle();
  expect(on.requests()).toBe(1);
  for (let times = 1; times <= 4; times += 1) await on.nextRead();
  expect(on.own()).toEqual([]);
  expect(on.adobe.pace.waits.length).toBeGreaterThanOrEqual(5);
});

it('waits until the queue has room, and as long as the queue says', async () => {
  on.append('a');
  let makeRoom: () => void = () => undefined;
  on.room = new Promise((resolve) => (makeRoom = resolve));
  on.refusal = retryAt('queue.full', 'Too much waits.', on.adobe.pace.now() + 5_000);
  on.start();
  await eventually(() => on.requests() === 1);
  makeRoom();
  await on.adobe.pace.idle();
  expect(on.adobe.pace.waits).toEqual([5_000]);
  on.refusal = undefined;
  await on.nextRead();
  expect(on.pages()).toEqual([['a']]);
});

it('waits longer after every failure, up to a minute, and not a moment longer once it works', async () => {
  on.adobe.standIn.failNext({ path: '/events', httpStatus: 503, times: 9 });
  on.start();
  const waited: number[] = [];
  for (let failures = 1; failures <= 9; failures += 1) {
    await eventually(() => on.requests() >= failures);
    await on.adobe.pace.idle();
    const from = on.adobe.pace.now();
    await eventually(() => {
      if (on.requests() > failures) return true;
      on.adobe.pace.pass(Math.max(500, 2 ** failures * 100));
      return false;
    });
    waited.push(on.adobe.pace.now() - from);
  }
  expect(waited[0]).toBeLessThanOrEqual(1_500);
  for (const [index, ms] of waited.slice(0, 6).entries()) expect(ms).toBeGreaterThanOrEqual(500 * 2 ** index);
  expect(Math.max(...waited)).toBeLessThanOrEqual(112_000);
  expect(await on.metric('signalman_journal_errors_total')).toContain('code="adobe.503"} 9');
});

it('is read by one process of all, and by another when that one ends', async () => {
  on.append('a');
  const one = on.start();
  await on.adobe.pace.idle();
  const two = on.start();
  await on.adobe.pace.idle(2);
  expect(two.health().detail).toBe('another process reads it');
  await one.stop();
  on.append('b');
  await on.nextRead();
  expect(on.pages()).toEqual([['a'], ['b']]);
  await two.stop();
});

it('keeps its position in one key that tells how far it is', async () => {
  on.append('a');
  on.start();
  await on.adobe.pace.idle();
  const text = await on.connections.forWorkers().get(KEY);
  expect(JSON.parse(text ?? '')).toEqual({
    journal: new URL(on.adobe.journal.url).pathname,
    next: expect.stringMatching(/^\/events-fast\/\S+\?since=penguin:/) as string,
    readAt: on.adobe.pace.now(),
  });
});

it('tells how far behind it is', async () => {
  const lag = async (): Promise<string> =>
    (await on.metric('signalman_journal_lag_seconds')).split('\n').at(-1) ?? '';
  on.adobe.standIn.append(eventsOf(['a'], on.adobe.pace.now() - 90_000));
  on.adobe.standIn.failNext({ path: '/events-fast', httpStatus: 503 });
  on.start();
  await on.adobe.pace.idle();
  expect(await lag()).toBe('signalman_journal_lag_seconds{source="marketo-io"} 90');
  await on.nextRead();
  expect(await lag()).toBe('signalman_journal_lag_seconds{source="marketo-io"} 0');
});
