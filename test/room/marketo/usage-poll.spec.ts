import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { RawBatch } from '../../../src/contracts/batch.js';
import type { MarketoDestination } from '../../../src/contracts/connections.js';
import { readBatch } from '../../../src/ingest/read-batch.js';
import { UsageBook } from '../../../src/marketo/usage/usage-book.js';
import { Usage } from '../../../src/marketo/usage.js';
import { UsagePoll } from '../../../src/marketo/usage-poll.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';
import { Locks } from '../../../src/state/locks.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { connectionsTo, openReading, type Reading } from './reading.js';

const INSTANCE = '123-ABC-456';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Eight hours into the day in US Central time. */
const MORNING = Date.parse('2026-05-04T13:00:00Z');
const MIDNIGHT = Date.parse('2026-05-05T05:00:00Z');

describe('UsagePoll', () => {
  const clock = { time: MORNING, now: () => clock.time };
  const said: string[] = [];
  const batches: RawBatch[] = [];
  let redis: RedisForTest;
  let raw: Redis;
  let connections: RedisConnections;
  let reading: Reading;
  let book: UsageBook;
  let marketo: MarketoStandIn;
  let destination: MarketoDestination;

  beforeAll(async () => {
    Logger.overrideLogger({
      log: () => undefined,
      error: () => undefined,
      warn: (text: string) => said.push(text),
    });
    redis = await startRedis({ durable: false });
    raw = new Redis(redis.url);
    connections = new RedisConnections(redis.url);
    reading = openReading(redis.url, clock);
    book = new UsageBook(connections);
  });
  afterAll(async () => {
    await reading.close();
    await connections.close();
    raw.disconnect();
    await redis.stop();
  });
  beforeEach(async () => {
    await raw.flushall();
    clock.time = MORNING;
    said.length = 0;
    batches.length = 0;
    marketo = new MarketoStandIn(INSTANCE, { clientId: 'client', clientSecret: 's3cret' }, clock);
    await marketo.listen('127.0.0.1', 0);
    destination = { ...marketo.destination(), dailyCalls: 50_000 };
  });
  afterEach(async () => {
    expect(marketo.violations.all()).toEqual([]);
    await marketo.close();
  });

  /** Looks at `clock.time`, as one process of several. */
  function process(to: readonly MarketoDestination[] = [destination]) {
    const queue = { add: (batch: RawBatch) => Promise.resolve(void batches.push(batch)) };
    const poll = new UsagePoll(connectionsTo(to), {
      ...{ reads: reading.reads, book, queue },
      locks: new Locks(connections),
    });
    return { look: () => poll.look(clock.time) };
  }

  /** What the rules are told, as they read it. */
  const told = () => batches.flatMap((batch) => readBatch(batch, { kind: 'signalman' }).events);
  const asked = () => marketo.calls.all().filter(({ operationId }) => operationId === 'getDailyUsage').length;
  const calledByOthers = (count: number) => marketo.othersCalls.set('crm@acme.example', count);
  /** The next answer, which is not counted as a call. */
  const tellsNext = (total: number, date: string) => {
    const body = JSON.stringify({ success: true, result: [{ date, total, users: [] }] });
    marketo.failNext({ httpStatus: 200, body, path: 'usage' });
  };
  const usage = (to = [destination]) => new Usage(connectionsTo(to), book, clock);

  it('tells the rules what is used and what will be at midnight, with the instance to throttle by', async () => {
    calledByOthers(8_000);
    await process().look();
    const crm = { userId: 'crm@acme.example', count: 8_000, percent: 100 };
    const figures = {
      munchkinId: INSTANCE,
      used: 8_000,
      limit: 50_000,
      percent: 16,
      // 1,000 an hour over the day and, since nothing else is known, over the last hour too.
      forecastAtMidnight: 24_000,
      forecastPercent: 48,
      topUser: crm,
      users: [crm],
    };
    expect(told()).toMatchObject([
      {
        type: 'signalman.usage',
        subject: INSTANCE,
        munchkinId: INSTANCE,
        time: '2026-05-04T13:00:00.000Z',
        data: figures,
      },
    ]);
    expect(await usage().of(INSTANCE)).toEqual(figures);
    expect(await usage().of(INSTANCE.toLowerCase())).toEqual(figures);
  });

  it('tells an event of no instance of the only one, and of none where there are several', async () => {
    await process().look();
    expect(await usage().of(undefined)).toMatchObject({ munchkinId: INSTANCE });
    const other = { ...destination, munchkinId: '789-DEF-012' };
    expect(await usage([destination, other]).of(undefined)).toBeUndefined();
    expect(await usage([]).of(undefined)).toBeUndefined();
  });

  it('is asked once in five minutes, by one of two processes, and told once', async () => {
    const [one, other] = [process(), process()];
    for (let minute = 0; minute < 16; minute += 1) {
      calledByOthers(8_000 + minute);
      await Promise.all([one.look(), other.look()]);
      clock.time += MINUTE;
    }
    expect(asked()).toBe(4);
    expect(told().map(({ data }) => data['used'])).toEqual([8_000, 8_006, 8_012, 8_018]);
    expect(new Set(told().map(({ id }) => id)).size).toBe(4);
  });

  it('goes on where another process ended', async () => {
    await process().look();
    await raw.del(`signalman:lock:marketo-usage:${INSTANCE}`);
    const other = process();
    clock.time += 2 * MINUTE;
    await other.look();
    expect(asked()).toBe(1);
    clock.time += 3 * MINUTE;
    await other.look();
    expect(asked()).toBe(2);
  });

  it('tells the same event again when a crash made it forget that it had told', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      tellsNext(8_000, '2026-05-04');
      await process().look();
      await raw.flushall();
      clock.time += MINUTE;
    }
    const [first, second] = told();
    expect(first?.data['used']).toBe(8_000);
    expect(second?.id).toBe(first?.id);
  });

  it('sees a burst of the last hour', async () => {
    const { look } = process();
    calledByOthers(8_000);
    await look();
    clock.time += 2 * HOUR;
    calledByOthers(10_000);
    await look();
    clock.time += HOUR;
    calledByOthers(21_000);
    await look();
    const used = Number(told().at(-1)?.data['used']);
    const [perHour, lately] = [used / 11, 11_001];
    expect(used).toBe(21_002);
    expect(told().at(-1)?.data['forecastAtMidnight']).toBe(Math.round(used + ((perHour + lately) / 2) * 13));
  });

  it('begins anew with the day, and takes the last figures of the day before for none of its own', async () => {
    const { look } = process();
    calledByOthers(40_000);
    clock.time = MIDNIGHT - MINUTE;
    await look();
    const own = usage();
    expect(await own.of(INSTANCE)).toMatchObject({ used: 40_000 });
    clock.time = MIDNIGHT + 5 * MINUTE;
    expect(await own.of(INSTANCE)).toBeUndefined();
    tellsNext(40_050, '2026-05-04');
    await look();
    expect(await usage().of(INSTANCE)).toBeUndefined();
    clock.time += 5 * MINUTE;
    await look();
    expect(await usage().of(INSTANCE)).toMatchObject({ used: 0, forecastAtMidnight: 0, users: [] });
    expect(told().map(({ data }) => data['used'])).toEqual([40_000, 0]);
  });

  it('tells nothing twice within an hour unless it changed', async () => {
    const { look } = process();
    for (let turn = 0; turn <= 12; turn += 1) {
      tellsNext(8_000, '2026-05-04');
      await look();
      clock.time += 5 * MINUTE;
    }
    expect(told().map(({ time }) => time)).toEqual(['2026-05-04T13:00:00.000Z', '2026-05-04T14:00:00.000Z']);
  });

  it('asks again after the same time when it failed, and a quarter of an hour later after 607', async () => {
    const { look } = process();
    marketo.failNext({ code: '603', body: 'Access denied' });
    await look();
    expect(said).toEqual([
      `The usage of ${INSTANCE} could not be read: Marketo answered 603: Access denied.`,
    ]);
    clock.time += MINUTE;
    await look();
    expect(asked()).toBe(0);
    marketo.failNext({ code: '607' });
    const answered = () => marketo.requests.all().filter(({ url }) => url.pathname.includes('usage')).length;
    for (let minute = 0; minute < 15; minute += 5) {
      clock.time += 5 * MINUTE;
      await look();
    }
    expect([answered(), told()]).toEqual([2, []]);
    clock.time += 5 * MINUTE;
    await look();
    expect([answered(), told().length]).toEqual([3, 1]);
  });

  it('asks as often as the destination says, one destination an instance', async () => {
    const off = { ...destination, usagePollMs: 0 };
    await process([off, destination]).look();
    expect(asked()).toBe(0);
    const { look } = process([{ ...destination, usagePollMs: HOUR }, off]);
    for (let quarter = 0; quarter < 8; quarter += 1) {
      await look();
      clock.time += 15 * MINUTE;
    }
    expect(asked()).toBe(2);
  });

  it('knows nothing of an instance without a connection', async () => {
    await process().look();
    expect(await usage([]).of(INSTANCE)).toBeUndefined();
  });

  it('asks Redis every ten seconds at most', async () => {
    await process().look();
    const own = usage();
    await own.of(INSTANCE);
    await raw.flushall();
    clock.time += 9_999;
    expect(await own.of(INSTANCE)).toBeDefined();
    clock.time += 1;
    expect(await own.of(INSTANCE)).toBeUndefined();
  });

  it('keeps leads from being looked up when nearly all is used', async () => {
    const lookUp = reading.lookUp(destination);
    const wanted = [{ munchkinId: INSTANCE, leadIds: ['7'], fields: ['email'] }];
    calledByOthers(43_997);
    await process().look();
    expect((await lookUp.lookUp(wanted)).get(`${INSTANCE}/7`)).toMatchObject({ kind: 'found' });
    clock.time += 5 * MINUTE;
    await raw.del(`signalman:lock:marketo-usage:${INSTANCE}`);
    await process().look();
    expect((await lookUp.lookUp(wanted)).get(`${INSTANCE}/7`)).toEqual({
      kind: 'unavailable',
      reason:
        '44000 of the 50000 calls a day of 123-ABC-456 are used: none of normal priority is made above that',
      retryAt: MIDNIGHT,
    });
  });

  it('stops at the reserve, which is not for it either, and goes on with the new day by itself', async () => {
    const { look } = process();
    const lead = { kind: 'marketo.addToList', priority: 'high', leaseMs: 1_000 } as const;
    const until = async (end: number) => {
      for (; clock.time < end; clock.time += MINUTE) await look();
    };
    calledByOthers(47_499);
    clock.time = MIDNIGHT - 2 * HOUR;
    await look();
    clock.time += MINUTE;
    await until(MIDNIGHT);
    clock.time = MIDNIGHT - 1;
    expect(asked()).toBe(1);
    expect(await reading.budget.take(destination, lead)).toEqual({ obstacle: 'day', until: MIDNIGHT });
    expect(await usage().of(INSTANCE)).toMatchObject({ used: 47_499 });
    expect(said[0]).toMatch(/47500 of the 50000 calls a day .* are used/);
    await until(MIDNIGHT + 6 * MINUTE);
    expect(asked()).toBe(2);
    expect(await reading.budget.take(destination, lead)).toHaveProperty('lease');
    expect(told().map(({ data }) => data['used'])).toEqual([47_499, 0]);
  });
});
