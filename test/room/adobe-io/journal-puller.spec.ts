import { JournalClient } from '../../../src/adobe-io/journal/journal-client.js';
import { JournalMetrics } from '../../../src/adobe-io/journal/journal-metrics.js';
import { JournalPositions } from '../../../src/adobe-io/journal/journal-positions.js';
import { JournalPuller, type PullerTools } from '../../../src/adobe-io/journal/journal-puller.js';
import type { RawBatch } from '../../../src/contracts/batch.js';
import { retryAt, transient } from '../../../src/contracts/failure.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { Locks } from '../../../src/state/locks.js';
import { eventually } from '../../support/eventually.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';
import { type Adobe, eventsOf, idsIn, startAdobe } from './adobe.js';

const DAY = 24 * 3_600_000;
const KEY = '{signalman}:adobe-journal:marketo-io';

let redis: RedisForTest;
let connections: RedisConnections;
let adobe: Adobe;
let metrics: Metrics;
let tools: PullerTools;
let stored: RawBatch[];
let refusal: Error | undefined;
let room: Promise<void>;
const pullers: JournalPuller[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  connections = new RedisConnections(redis.url);
  const client = connections.forRequests();
  await eventually(() => client.status === 'ready');
  await client.flushall();
  adobe = await startAdobe();
  metrics = new Metrics();
  stored = [];
  refusal = undefined;
  room = Promise.resolve();
  tools = {
    client: new JournalClient(adobe.api, adobe.pace),
    positions: new JournalPositions(connections),
    queue: {
      add: (batch) => {
        if (refusal !== undefined) return Promise.reject(refusal);
        stored.push(batch);
        return Promise.resolve();
      },
    },
    backlog: { whenRoom: () => room },
    locks: new Locks(connections),
    metrics: new JournalMetrics(metrics),
    pace: adobe.pace,
  };
});
afterEach(async () => {
  await Promise.all(pullers.splice(0).map((puller) => puller.stop()));
  await adobe.close();
  await connections.close();
});

function start(changes: Partial<PullerTools> = {}, startAt: 'oldest' | 'latest' = 'oldest'): JournalPuller {
  const { account, journal } = adobe;
  const source = { name: 'marketo-io', account, journal: { ...journal, startAt } };
  const puller = new JournalPuller(source, { ...tools, ...changes });
  pullers.push(puller);
  puller.start();
  return puller;
}

const append = (...ids: string[]): void => {
  adobe.standIn.append(eventsOf(ids, adobe.pace.now()));
};
const pages = (): string[][] =>
  stored.filter(({ kind }) => kind === 'adobe').map(({ bodies }) => idsIn(bodies[0]));
const own = (): unknown[] =>
  stored
    .filter(({ kind }) => kind === 'signalman')
    .map(({ bodies }) => JSON.parse(String(bodies[0])) as unknown);
const journalRequests = (): number =>
  adobe.standIn.requests.all().filter(({ url }) => url.pathname.startsWith('/events')).length;

/** Lets time pass, in steps as the puller waits, until it has read the journal once more. */
async function nextRead(): Promise<void> {
  const before = journalRequests();
  await eventually(() => {
    if (journalRequests() > before) return true;
    adobe.pace.pass(1_000);
    return false;
  });
  await adobe.pace.idle();
}

it('stores every page as one batch, byte for byte, without a pause between them', async () => {
  adobe.standIn.pageSize = 2;
  append('a', 'b', 'c');
  start();
  await adobe.pace.idle();
  expect(pages()).toEqual([['a', 'b'], ['c']]);
  expect(stored[0]).toMatchObject({
    source: 'marketo-io',
    kind: 'adobe',
    route: 'journal',
    mode: 'live',
    receivedAt: new Date(adobe.pace.now()).toISOString(),
  });
  expect(stored[0]).not.toHaveProperty('run');
  expect(adobe.pace.waits).toEqual([1_000]);
  expect(await metrics.registry.getSingleMetricAsString('signalman_journal_events_total')).toContain(
    'signalman_journal_events_total{source="marketo-io"} 3',
  );
});

it('asks again when Adobe says so, after 2 s when it says nothing', async () => {
  start();
  await adobe.pace.idle();
  expect(adobe.pace.waits).toEqual([2_000]);
  append('a');
  adobe.standIn.retryAfter = 7;
  adobe.pace.pass(2_000);
  await eventually(() => adobe.pace.waits.length === 2);
  expect(adobe.pace.waits).toEqual([2_000, 7_000]);
  expect(pages()).toEqual([['a']]);
});

it('keeps its lease through a long wait', async () => {
  adobe.standIn.failNext({ path: '/events', httpStatus: 429, headers: { 'retry-after': '60' } });
  start();
  await adobe.pace.idle();
  for (let waits = 1; waits <= 6; waits += 1) {
    await eventually(() => adobe.pace.waits.length === waits);
    adobe.pace.pass(10_000);
  }
  await eventually(() => journalRequests() === 2);
  expect(adobe.pace.waits.slice(0, 6)).toEqual(Array(6).fill(10_000));
});

it('begins with what comes from now on, and misses nothing of it', async () => {
  append('old', 'latest');
  start({}, 'latest');
  await adobe.pace.idle();
  // Adobe's latest page holds the last event.
  expect(pages()).toEqual([['latest']]);
  append('a', 'b');
  await nextRead();
  expect(pages()).toEqual([['latest'], ['a', 'b']]);
});

it('begins at the end of an empty journal only once', async () => {
  start({}, 'latest');
  await adobe.pace.idle();
  append('a', 'b');
  await nextRead();
  expect(pages()).toEqual([['a', 'b']]);
});

it('goes on after a restart from where it was, with what came meanwhile', async () => {
  append('a');
  const before = start();
  await adobe.pace.idle();
  await before.stop();
  append('b', 'c');
  start();
  await eventually(() => pages().length === 2);
  expect(pages()).toEqual([['a'], ['b', 'c']]);
});

it('moves on only when a page is stored, and repeats the page until it is', async () => {
  append('a');
  refusal = transient('queue.away', 'Redis is away.');
  const puller = start();
  await adobe.pace.idle();
  expect(puller.health()).toEqual({ ok: true, detail: 'cannot be read: Redis is away.' });
  expect(await tools.positions.get('marketo-io')).toBeUndefined();
  refusal = undefined;
  await nextRead();
  expect(pages()).toEqual([['a']]);
  await eventually(async () => (await tools.positions.get('marketo-io'))?.next.includes('since=penguin'));
});

it('repeats a page after a crash between the page and its position', async () => {
  append('a');
  const { positions } = tools;
  const crashing = {
    get: (source: string) => positions.get(source),
    set: () => Promise.reject(new Error('killed')),
  } as unknown as JournalPositions;
  const crashed = start({ positions: crashing });
  await eventually(() => stored.length === 1);
  await crashed.stop();
  start();
  await eventually(() => stored.length === 2);
  expect(pages()).toEqual([['a'], ['a']]);
});

it('waits until the queue has room, and as long as the queue says', async () => {
  append('a');
  let makeRoom: () => void = () => undefined;
  room = new Promise((resolve) => (makeRoom = resolve));
  refusal = retryAt('queue.full', 'Too much waits.', adobe.pace.now() + 5_000);
  start();
  await eventually(() => journalRequests() === 1);
  makeRoom();
  await adobe.pace.idle();
  expect(adobe.pace.waits).toEqual([5_000]);
  refusal = undefined;
  await nextRead();
  expect(pages()).toEqual([['a']]);
});

it('waits longer after every failure, up to a minute, and not a moment longer once it works', async () => {
  adobe.standIn.failNext({ path: '/events', httpStatus: 503, times: 9 });
  start();
  const waited: number[] = [];
  for (let failures = 1; failures <= 9; failures += 1) {
    await eventually(() => journalRequests() >= failures);
    await adobe.pace.idle();
    const from = adobe.pace.now();
    await eventually(() => {
      if (journalRequests() > failures) return true;
      adobe.pace.pass(Math.max(500, 2 ** failures * 100));
      return false;
    });
    waited.push(adobe.pace.now() - from);
  }
  expect(waited[0]).toBeLessThanOrEqual(1_500);
  for (const [index, ms] of waited.slice(0, 6).entries()) expect(ms).toBeGreaterThanOrEqual(500 * 2 ** index);
  expect(Math.max(...waited)).toBeLessThanOrEqual(112_000);
  expect(await metrics.registry.getSingleMetricAsString('signalman_journal_errors_total')).toContain(
    'code="adobe.503"} 9',
  );
});

describe('when the position has expired', () => {
  it('reads all that is left, and tells what may be lost once, however often it is told', async () => {
    append('a');
    const first = start();
    await adobe.pace.idle();
    const from = adobe.pace.now();
    await first.stop();
    adobe.pace.pass(5 * DAY);
    append('b');
    adobe.pace.pass(4 * DAY);
    append('c');
    const { positions } = tools;
    const crashing = {
      get: (source: string) => positions.get(source),
      set: () => Promise.reject(new Error('killed')),
    } as unknown as JournalPositions;
    const crashed = start({ positions: crashing });
    await eventually(() => stored.length === 2);
    await crashed.stop();
    start();
    await eventually(() => stored.length === 4);
    expect(pages()).toEqual([['a'], ['b', 'c']]);
    const [one, two] = own() as [{ id: string }, { id: string }];
    expect(one.id).toBe(two.id);
    expect(one).toMatchObject({
      type: 'signalman.journal.gap',
      data: {
        source: 'marketo-io',
        from: new Date(from).toISOString(),
        to: new Date(adobe.pace.now() - 7 * DAY + 3_600_000).toISOString(),
        reason: expect.stringMatching(/^Events at position penguin:\S+ have expired\.$/) as string,
      },
    });
    expect(stored[1]).toMatchObject({ source: 'signalman', kind: 'signalman', route: 'engine' });
  });

  it('tells nothing when it was read to its end meanwhile: nothing can be lost', async () => {
    append('a');
    const quiet = start();
    for (let day = 0; day < 8; day += 1) {
      await nextRead();
      adobe.pace.pass(DAY);
    }
    await quiet.stop();
    append('b');
    start();
    await eventually(() => pages().length === 2);
    expect(pages()).toEqual([['a'], ['b']]);
    expect(own()).toEqual([]);
  });
});

describe('Redis that comes back empty', () => {
  it('gets the position that is in memory, and nothing is read twice or left out', async () => {
    append('a');
    start();
    await adobe.pace.idle();
    const position = await tools.positions.get('marketo-io');
    await connections.forWorkers().flushall();
    append('b');
    await nextRead();
    expect(pages()).toEqual([['a'], ['b']]);
    expect(await tools.positions.get('marketo-io')).not.toEqual(position);
  });

  it('begins anew where the file says when no process knows the position', async () => {
    append('a');
    const before = start();
    await adobe.pace.idle();
    await before.stop();
    await connections.forWorkers().flushall();
    start();
    await eventually(() => pages().length === 2);
    expect(pages()).toEqual([['a'], ['a']]);
  });
});

it('begins anew for another journal than the one that was read', async () => {
  append('a');
  await tools.positions.set('marketo-io', {
    journal: '/events/other',
    next: '/events/other?since=x',
    readAt: 0,
  });
  start();
  await eventually(() => pages().length === 1);
  expect(pages()).toEqual([['a']]);
});

it('is read by one process of all, and by another when that one ends', async () => {
  append('a');
  const one = start();
  await adobe.pace.idle();
  const two = start();
  await adobe.pace.idle(2);
  expect(two.health().detail).toBe('another process reads it');
  await one.stop();
  append('b');
  await nextRead();
  expect(pages()).toEqual([['a'], ['b']]);
  await two.stop();
});

it('keeps its position in one key that tells how far it is', async () => {
  append('a');
  start();
  await adobe.pace.idle();
  const text = await connections.forWorkers().get(KEY);
  expect(JSON.parse(text ?? '')).toEqual({
    journal: new URL(adobe.journal.url).pathname,
    next: expect.stringMatching(/^\/events-fast\/\S+\?since=penguin:/) as string,
    readAt: adobe.pace.now(),
  });
});

it('tells how far behind it is', async () => {
  const lag = async (): Promise<string> =>
    (await metrics.registry.getSingleMetricAsString('signalman_journal_lag_seconds')).split('\n').at(-1) ??
    '';
  adobe.standIn.append(eventsOf(['a'], adobe.pace.now() - 90_000));
  adobe.standIn.failNext({ path: '/events-fast', httpStatus: 503 });
  start();
  await adobe.pace.idle();
  expect(await lag()).toBe('signalman_journal_lag_seconds{source="marketo-io"} 90');
  await nextRead();
  expect(await lag()).toBe('signalman_journal_lag_seconds{source="marketo-io"} 0');
});
