import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { BatchClosed, type LogTouch, type MemoryRequest } from '../../../src/contracts/memory.js';
import {
  DUE_KEY,
  memoKey,
  ownerKey,
  OWNER_PREFIX,
  REMEMBER_MS,
  STORED_KEY,
} from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { TOUCH_LOGS } from '../../../src/state/memory-script.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const BATCHES = ['b0', 'b1', 'b2', 'b3', 'b4'];
const DAY = 24 * 3_600_000;
const NOTHING: MemoryRequest = { touches: [], merges: [], erasures: [] };
const note = (owner: string, field: string, append?: string): LogTouch => ({
  owner,
  field,
  keepMs: DAY,
  ...(append === undefined ? {} : { append: Buffer.from(append) }),
});
const touching = (...touches: LogTouch[]): MemoryRequest => ({ ...NOTHING, touches });
const texts = (logs: readonly (Buffer | undefined)[]): (string | undefined)[] =>
  logs.map((log) => log?.toString());

describe('RedisMemory', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let memory: RedisMemory;

  beforeAll(async () => {
    server = await startRedis();
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    memory = new RedisMemory(connections);
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });
  beforeEach(async () => {
    await startAnew();
  });

  async function startAnew(): Promise<void> {
    await redis.flushall();
    await redis.hset(STORED_KEY, Object.fromEntries(BATCHES.map((batch) => [batch, '{}'])));
  }

  /** Touches of more owners than one script takes. */
  const many = (): LogTouch[] =>
    Array.from({ length: 1_300 }, (_, i) => note(`owner-${i % 400}`, `f${i}`, `record-${i}`));

  it('tells what each log held before, and puts the records at its end', async () => {
    expect(texts(await memory.exchange('b1', touching(note('ada', 'a', '1'), note('ada', 'b'))))).toEqual([
      undefined,
      undefined,
    ]);
    await memory.exchange('b2', touching(note('ada', 'b', 'x'), note('ada', 'a', '2')));
    expect(texts(await memory.exchange('b3', touching(note('ada', 'a'), note('ada', 'b'))))).toEqual([
      '12',
      'x',
    ]);
  });

  it('keeps bytes as they are', async () => {
    const records = randomBytes(3_000);
    await memory.exchange('b1', touching({ owner: 'ada', field: 'a', append: records, keepMs: DAY }));
    expect(await memory.exchange('b2', touching(note('ada', 'a')))).toEqual([records]);
    expect(await memory.exchange('b2', touching(note('ada', 'a')))).toEqual([records]);
  });

  it('asks nothing for nothing', async () => {
    await redis.config('RESETSTAT');
    expect(await memory.exchange('b1', NOTHING)).toEqual([]);
    await memory.improve([]);
    expect(await redis.info('commandstats')).not.toMatch(/evalsha|exists/);
    expect(await redis.keys('*')).toEqual([STORED_KEY]);
  });

  it('tells a batch that comes again what it was told, as long as its memo is there', async () => {
    await memory.exchange('b1', touching(note('ada', 'a', '1')));
    await memory.exchange('b2', touching(note('ada', 'a', '2')));
    expect(texts(await memory.exchange('b1', touching(note('ada', 'a', '1'))))).toEqual([undefined]);
    expect(await redis.hget(ownerKey('ada'), 'a')).toBe('12');
    expect(await redis.pttl(memoKey('b1'))).toBeGreaterThan(29 * DAY);
    await redis.unlink(memoKey('b1'));
    expect(texts(await memory.exchange('b1', touching(note('ada', 'a', '1'))))).toEqual(['12']);
  });

  it('takes nothing for a batch that another run has seen through', async () => {
    await memory.exchange('b1', touching(note('ada', 'a', '1')));
    await redis.hdel(STORED_KEY, 'b1');
    await redis.unlink(memoKey('b1'));
    await expect(memory.exchange('b1', touching(note('ada', 'a', '1')))).rejects.toThrow(BatchClosed);
    expect(await redis.hgetall(ownerKey('ada'))).toEqual({ a: '1' });
    expect(await redis.exists(memoKey('b1'))).toBe(0);
  });

  it('answers more than one script takes, each in its place', async () => {
    const touches = many();
    await memory.exchange('b1', touching(...touches));
    const told = texts(await memory.exchange('b2', touching(...touches)));
    expect(told).toEqual(touches.map(({ append }) => append?.toString()));
  });

  it('goes on where a batch was cut off between two scripts', async () => {
    const touches = many();
    await memory.exchange('b0', touching(...touches));
    await memory.exchange('b1', touching(...touches.slice(0, 700)));
    const told = texts(await memory.exchange('b1', touching(...touches)));
    expect(told).toEqual(touches.map(({ append }) => append?.toString()));
    const now = texts(await memory.exchange('b2', touching(...touches)));
    expect(now).toEqual(told.map((before) => `${before ?? ''}${before ?? ''}`));
  });

  it('answers a command alike that is sent again because its answer was lost with the connection', async () => {
    const send = (part: number, field: string): Promise<unknown> =>
      redis.eval(
        TOUCH_LOGS,
        2,
        memoKey('b1'),
        STORED_KEY,
        'b1',
        'memory:a-call:',
        part,
        DAY,
        'ada',
        DAY,
        1,
        field,
        '1',
      );
    expect([await send(0, 'a'), await send(500, 'b')]).toEqual([[null], [null]]);
    expect([await send(0, 'a'), await send(500, 'b')]).toEqual([[null], [null]]);
    expect(await redis.hgetall(ownerKey('ada'))).toEqual({ a: '1', b: '1' });
  });

  it('does once what two workers do at once with the same batch', async () => {
    const other = new RedisMemory(connections);
    const request = {
      touches: many(),
      merges: [{ into: 'ada', from: ['owner-1', 'owner-2'] }],
      erasures: ['eve'],
    };
    for (let round = 0; round < 5; round += 1) {
      await startAnew();
      await memory.exchange('b0', touching(...request.touches));
      const told = await Promise.all([memory, other].map((each) => each.exchange('b1', request)));
      expect(told[0]).toEqual(told[1]);
      expect(texts(told[0] ?? [])).toEqual(request.touches.map(({ append }) => append?.toString()));
      expect(await redis.hget(ownerKey('owner-0'), 'f400')).toBe('record-400record-400');
      expect(await redis.hget(ownerKey('ada'), 'f401')).toBe('record-401record-401');
    }
  });

  it('remembers what it was told when Redis is killed', async () => {
    await memory.exchange('b1', touching(note('ada', 'a', '1')));
    await server.kill9();
    await server.restart();
    expect(texts(await memory.exchange('b1', touching(note('ada', 'a', '1'))))).toEqual([undefined]);
    expect(await redis.hget(ownerKey('ada'), 'a')).toBe('1');
  });

  it('keeps an owner longer when it is only read', async () => {
    await memory.exchange('b1', touching(note('ada', 'a', '1')));
    await memory.exchange('b2', touching({ ...note('ada', 'a'), keepMs: 20 * DAY }));
    await memory.exchange('b3', touching(note('ada', 'a', '2')));
    expect(await redis.pttl(ownerKey('ada'))).toBeGreaterThan(19 * DAY);
  });

  describe('of people who are merged', () => {
    const merge = (into: string, ...from: string[]): MemoryRequest => ({
      ...NOTHING,
      merges: [{ into, from }],
    });

    it('unites their logs, not their profiles, and takes nothing more for who is gone', async () => {
      await memory.exchange(
        'b1',
        touching(note('ada', 'a', '1'), note('ada', 'p', 'ada'), note('bob', 'p', 'bob')),
      );
      await memory.exchange('b2', touching(note('bob', 'a', '2'), note('bob', 'b', '3')));
      await memory.exchange('b3', { ...merge('ada', 'bob'), touches: [note('bob', 'b', '4')] });
      expect(await redis.hgetall(ownerKey('ada'))).toEqual({ a: '12', b: '34', p: 'ada' });
      expect(texts(await memory.exchange('b4', touching(note('bob', 'a', '5'))))).toEqual([undefined]);
      expect(await redis.hgetall(ownerKey('bob'))).toEqual({ x: 'ada' });
    });

    it('follows one who was merged already, and leaves nobody who is merged into oneself', async () => {
      await memory.exchange('b1', touching(note('ada', 'a', '1'), note('cyd', 'a', '3')));
      await memory.exchange('b2', merge('ada', 'bob'));
      await memory.exchange('b3', merge('bob', 'cyd', 'ada'));
      expect(await redis.hgetall(ownerKey('ada'))).toEqual({ a: '13' });
      expect(await redis.hgetall(ownerKey('cyd'))).toEqual({ x: 'ada' });
    });

    it('forgets one who is merged into somebody who was erased', async () => {
      await memory.exchange('b1', { ...touching(note('bob', 'a', '1')), erasures: ['ada'] });
      await memory.exchange('b2', merge('ada', 'bob'));
      expect(await redis.hgetall(ownerKey('ada'))).toEqual({ x: '' });
      expect(await redis.hgetall(ownerKey('bob'))).toEqual({ x: 'ada' });
    });

    it('takes over what waits in the flow, unless the same place is taken, and when it is due', async () => {
      await redis.hset(ownerKey('ada'), { '~t': 'of ada', '~w|1': 'of ada' });
      await redis.hset(ownerKey('bob'), {
        '~t': 'of bob',
        '~w|1': 'of bob',
        '~w|2': 'of bob',
        '~k2': 'of bob',
      });
      await redis.zadd(
        DUE_KEY,
        10,
        'ada|~w|1',
        20,
        'bob|~w|1',
        1_790_000_000_123,
        'bob|~w|2',
        40,
        'cyd|~w|2',
      );
      await memory.exchange('b1', merge('ada', 'bob'));
      expect(await redis.hgetall(ownerKey('ada'))).toEqual({
        '~t': 'of ada',
        '~w|1': 'of ada',
        '~w|2': 'of bob',
        '~k2': 'of bob',
      });
      expect(await redis.zrange(DUE_KEY, '0', '-1', 'WITHSCORES')).toEqual([
        ...['ada|~w|1', '10', 'cyd|~w|2', '40', 'ada|~w|2', '1790000000123'],
      ]);
    });

    it('keeps the word of where somebody went as long as what somebody had', async () => {
      await memory.exchange('b1', touching({ ...note('bob', 'a', '1'), keepMs: 90 * DAY }));
      await memory.exchange('b2', merge('ada', 'bob'));
      expect(await redis.pttl(ownerKey('bob'))).toBeGreaterThan(89 * DAY);
      expect(await redis.pttl(ownerKey('ada'))).toBeGreaterThan(89 * DAY);
    });
  });

  it('keeps nothing of who was erased, and takes nothing more', async () => {
    await memory.exchange(
      'b1',
      touching(note('ada', 'a', '1'), note('ada', 'p', 'Ada'), note('bob', 'a', '2')),
    );
    await redis.hset(ownerKey('ada'), '~w|1', 'waits');
    await memory.exchange('b2', { ...touching(note('ada', 'a', '3')), erasures: ['ada'] });
    expect(texts(await memory.exchange('b3', touching(note('ada', 'a', '4'), note('bob', 'a'))))).toEqual([
      undefined,
      '2',
    ]);
    await memory.improve([{ ...note('ada', 'p'), kind: 'append', records: Buffer.from('Ada'), keepMs: DAY }]);
    expect(await redis.hgetall(ownerKey('ada'))).toEqual({ x: '' });
    const left = await redis.pttl(ownerKey('ada'));
    expect(left).toBeGreaterThan(REMEMBER_MS - DAY);
    expect(left).toBeLessThanOrEqual(REMEMBER_MS);
  });

  it('says who was merged even after that one is erased', async () => {
    await memory.exchange('b1', { ...NOTHING, merges: [{ into: 'ada', from: ['bob'] }], erasures: ['bob'] });
    expect(await redis.hgetall(ownerKey('bob'))).toEqual({ x: 'ada' });
  });

  it('refuses when it is full, and has then neither merged nor erased', async () => {
    await memory.exchange('b1', touching(note('ada', 'a', '1'), note('bob', 'a', '2')));
    await redis.config('SET', 'maxmemory', '1');
    const request = {
      ...NOTHING,
      merges: [{ into: 'ada', from: ['bob'] }],
      touches: [note('bob', 'a', '3')],
    };
    await expect(memory.exchange('b2', request)).rejects.toThrow(/OOM/);
    await redis.config('SET', 'maxmemory', '1gb');
    expect(texts(await memory.exchange('b2', request))).toEqual(['2']);
    expect(await redis.hgetall(ownerKey('ada'))).toEqual({ a: '123' });
  });

  describe('improved', () => {
    const replace = (beginning: string, by: string) => ({
      ...note('ada', 'a'),
      kind: 'replace' as const,
      beginning: Buffer.from(beginning),
      by: Buffer.from(by),
    });

    it('has another beginning where it began as expected, and what was appended since', async () => {
      await memory.exchange('b1', touching(note('ada', 'a', 'old,new')));
      await memory.improve([replace('odd', 'no'), replace('old,newer', 'no'), replace('old', 'short')]);
      expect(await redis.hget(ownerKey('ada'), 'a')).toBe('short,new');
      expect(await redis.pttl(ownerKey('ada'))).toBeGreaterThan(0);
    });

    it('is made by what is appended, never by a replacement, and gone when nothing is left of it', async () => {
      await memory.improve([replace('', 'x')]);
      expect(await redis.keys(`${OWNER_PREFIX}*`)).toEqual([]);
      await memory.improve([
        { ...note('ada', 'a'), kind: 'append', records: Buffer.from('1'), keepMs: 9 * DAY },
      ]);
      expect(await redis.hgetall(ownerKey('ada'))).toEqual({ a: '1' });
      expect(await redis.pttl(ownerKey('ada'))).toBeGreaterThan(8 * DAY);
      await memory.improve([replace('1', '')]);
      expect(await redis.exists(ownerKey('ada'))).toBe(0);
    });
  });
});
