import type { Redis } from 'ioredis';
import type { Passage } from '../../../src/contracts/flow.js';
import { DUE_KEY, memoKey, ownerKey, STORED_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { RedisFlow } from '../../../src/state/redis-flow.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { DAY, endInRedis, HOUR, keptOf, MINUTE, ownerOf, passageOf, START } from './flow-passages.js';

const LEAD = ownerOf('lead 7');
const OTHER = ownerOf('lead 8');
const EVERYBODY = ownerOf('everybody');
const NONE = { count: 0, events: [] };
const place = (word: string, owner = EVERYBODY) => ({ owner, field: `~${word}` });
const unless = { sequence: { kind: 'unless', place: place('unless'), withinMs: HOUR } } as const;
const thenSoon = { sequence: { kind: 'then', place: place('then'), withinMs: HOUR } } as const;
const throttle = { throttle: { place: place('throttle'), everyMs: HOUR } };
const group = { group: { place: place('group'), waitMs: HOUR, max: 3 } };

describe('RedisFlow', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let flow: RedisFlow;

  beforeAll(async () => {
    server = await startRedis();
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    flow = new RedisFlow(connections);
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });
  beforeEach(() => empty());

  /** Nothing is in Redis but a few batches. */
  const empty = async (): Promise<void> => {
    await redis.flushall();
    await redis.hset(STORED_KEY, Object.fromEntries(['batch', 'next'].map((batch) => [batch, '{}'])));
  };

  const hashes = async (): Promise<string> => {
    const keys = await redis.keys(ownerKey('*'));
    return JSON.stringify(await Promise.all(keys.sort().map((key) => redis.hgetall(key))));
  };
  /** Every word of the flow, with answers of every kind. */
  const everything = (): Passage[] => [
    passageOf('first', 0, thenSoon),
    passageOf('absent', 0, unless),
    passageOf('ended', 5, { ...unless, step: 'unless' }),
    ...['a', 'b', 'c', 'd'].map((id) => passageOf(id, 10, group)),
    ...['e', 'f'].map((id) => passageOf(id, 20, throttle)),
    passageOf('g', 90, { ...throttle, notBefore: { place: place('hours'), at: START + DAY } }),
    passageOf('second', 30, { ...thenSoon, step: 'then' }),
  ];

  it('answers a batch the same at any point at which it is repeated, and takes nothing twice', async () => {
    const all = everything();
    const first = await flow.pass('batch', all, START);
    expect(first.map(({ kind }) => kind).join(' ')).toBe(
      'waiting waiting ended grouped grouped acts grouped acts throttled deferred acts',
    );
    const [before, due] = [await hashes(), await redis.zrange(DUE_KEY, '0', '-1', 'WITHSCORES')];
    for (const count of all.keys()) {
      expect(await flow.pass('batch', all.slice(0, count + 1), START + HOUR)).toEqual(
        first.slice(0, count + 1),
      );
    }
    expect(await hashes()).toBe(before);
    expect(await redis.zrange(DUE_KEY, '0', '-1', 'WITHSCORES')).toEqual(due);
  });

  it('goes on where a crash broke a batch off', async () => {
    const all = everything();
    const undisturbed = await flow.pass('batch', all, START);
    for (const count of all.keys()) {
      await empty();
      await flow.pass('batch', all.slice(0, count), START);
      expect(await flow.pass('batch', all, START)).toEqual(undisturbed);
    }
  });

  it('tells two workers with the same batch the same', async () => {
    const all = Array.from({ length: 500 }, (_, i) =>
      passageOf(`event-${i}`, i % 60, i % 2 ? throttle : group),
    );
    const others = new RedisConnections(server.url);
    const [one, two] = await Promise.all([
      flow.pass('batch', all, START),
      new RedisFlow(others).pass('batch', all, START),
    ]);
    await others.close();
    expect(one).toEqual(two);
    expect(one.filter(({ kind }) => kind === 'acts')).toHaveLength(83 + 1);
  });

  it('takes nothing for a batch that another run has seen through', async () => {
    const undisturbed = await hashes();
    expect(await flow.pass('closed', [passageOf('a', 0, throttle)], START)).toEqual([{ kind: 'nothing' }]);
    expect([await hashes(), await redis.exists(memoKey('closed'))]).toEqual([undisturbed, 0]);
  });

  it('grants one of many batches that ask at once', async () => {
    const batches = Array.from({ length: 20 }, (_, i) => `batch-${i}`);
    for (const batch of batches) await redis.hset(STORED_KEY, batch, '{}');
    const answers = batches.map((batch) => flow.pass(batch, [passageOf(`of ${batch}`, 0, throttle)], START));
    expect((await Promise.all(answers)).flat().filter(({ kind }) => kind === 'acts')).toHaveLength(1);
  });

  it('tells an absence once, though Redis was killed in the meantime', async () => {
    await flow.pass('batch', [passageOf('first', 0, unless)], START);
    await server.kill9();
    await server.restart();
    expect(await flow.nextDue()).toBe(START + HOUR);
    const ripe = await flow.ripe(START + HOUR, 10);
    expect(ripe).toMatchObject([
      { ruleId: 'rule', step: 'absent', members: [keptOf('first')], heldBack: NONE },
    ]);
    await server.kill9();
    await server.restart();
    expect(await flow.ripe(START + HOUR + 59_000, 10)).toEqual([]);
    expect(await flow.ripe(START + HOUR + MINUTE, 10)).toEqual(ripe);
    await flow.settle(ripe);
    await server.kill9();
    await server.restart();
    expect(await flow.ripe(START + 9 * DAY, 10)).toEqual([]);
    expect(await hashes()).toBe('[]');
  });

  it('keeps what it knows of a person with that person alone, so that erasing leaves nothing behind', async () => {
    const lead = { lead: LEAD };
    await flow.pass(
      'batch',
      [
        passageOf('a', 0, { ...unless, ...lead }),
        passageOf('b', 0, { ...group, ...lead }),
        passageOf('c', 0, { ...group, lead: OTHER }),
        passageOf('d', 0, { ...thenSoon, ...lead }),
        passageOf('e', 1, { ...thenSoon, lead: OTHER }),
      ],
      START,
    );
    await endInRedis(redis, LEAD);
    expect(await hashes()).not.toMatch(/of [abd]\b/);
    const [second] = await flow.pass('next', [passageOf('f', 2, { ...thenSoon, step: 'then' })], START);
    expect(second).toMatchObject({ members: [keptOf('e')] });
    expect(await flow.ripe(START + DAY, 10)).toMatchObject([{ step: 'gathered', members: [keptOf('c')] }]);
    expect(await redis.zcard(DUE_KEY)).toBe(1);
  });

  it('keeps nothing of those who were erased', async () => {
    await endInRedis(redis, LEAD);
    const own = (word: string) => place(word, LEAD);
    const before = await hashes();
    const asked = [
      passageOf('a', 0, { throttle: { place: own('throttle'), everyMs: HOUR } }),
      passageOf('b', 0, { throttle: { place: own('throttle'), everyMs: HOUR } }),
      passageOf('c', 0, { sequence: { ...unless.sequence, place: own('unless') } }),
      passageOf('d', 0, { sequence: { ...thenSoon.sequence, place: own('then') } }),
      passageOf('e', 0, { group: { ...group.group, place: own('group') } }),
      passageOf('f', 0, { notBefore: { place: own('hours'), at: START + DAY } }),
      passageOf('g', 0, { step: 'undecided', again: { place: own('again'), at: START + DAY } }),
      passageOf('h', 0, { announces: [{ place: own('loud'), keepMs: DAY }] }),
      // The place is everybody's, the person is the one who was erased.
      passageOf('i', 0, { ...group, lead: LEAD }),
      passageOf('j', 0, { ...thenSoon, lead: LEAD }),
    ];
    const answers = await flow.pass('batch', asked, START);
    expect(answers.map(({ kind }) => kind).join(' ')).toBe(
      'acts acts nothing nothing acts acts nothing acts acts nothing',
    );
    expect(await hashes()).toBe(before);
    expect(await flow.nextDue()).toBeUndefined();
  });

  it('finds what is kept of people who were merged', async () => {
    const own = { sequence: { ...unless.sequence, place: place('unless', LEAD) }, lead: LEAD };
    await flow.pass('batch', [passageOf('own', 0, own), passageOf('a', 1, { ...unless, lead: LEAD })], START);
    await endInRedis(redis, LEAD, OTHER);
    const ripe = await flow.ripe(START + DAY, 10);
    expect(ripe).toMatchObject([{ members: [keptOf('own')] }, { members: [keptOf('a')] }]);
    await flow.settle(ripe);
    expect(await redis.hkeys(ownerKey(OTHER))).toEqual([]);
    expect(await redis.zcard(DUE_KEY)).toBe(0);

    await flow.pass('next', [passageOf('b', 2, { ...unless, lead: LEAD })], START);
    await endInRedis(redis, OTHER);
    expect(await flow.ripe(START + DAY, 10)).toEqual([]);
  });

  it('knows a wait by the same name before and after the memory has merged two people', async () => {
    const memory = new RedisMemory(connections);
    const own = { sequence: { ...unless.sequence, place: place('unless', LEAD) }, lead: LEAD };
    await flow.pass('batch', [passageOf('a', 0, own)], START);
    const lent = await flow.ripe(START + HOUR, 10);
    const onward = passageOf('a', 0, { ...own, ...group, step: 'absent' });
    const first = await flow.pass(lent[0]?.id ?? '', [onward], START + HOUR);
    await memory.exchange('next', { touches: [], merges: [{ into: OTHER, from: [LEAD] }], erasures: [] });
    expect(await redis.exists(ownerKey(OTHER))).toBe(1);

    expect(await flow.ripe(START + HOUR + MINUTE, 10)).toEqual(lent);
    expect(await flow.pass(lent[0]?.id ?? '', [onward], START + DAY)).toEqual(first);
    await flow.settle(lent);
    expect(await flow.ripe(START + DAY, 10)).toMatchObject([{ step: 'gathered', members: [keptOf('a')] }]);
    expect(await redis.zcard(DUE_KEY)).toBe(1);
  });

  it('lets an absence of either go where both waited for the same and became one', async () => {
    const of = (owner: string) => ({ sequence: { ...unless.sequence, place: place('unless', owner) } });
    await flow.pass('batch', [passageOf('a', 0, of(LEAD)), passageOf('b', 0, of(OTHER))], START);
    await endInRedis(redis, LEAD, OTHER);
    expect(await flow.ripe(START + DAY, 10)).toMatchObject([{ members: [keptOf('b')] }]);
  });

  it('lends less in one go when much is kept of it, and the rest after that', async () => {
    const large = (index: number): Passage => {
      const { event, ...kept } = keptOf(`large ${index}`);
      const data = { text: 'x'.repeat(3_000_000) };
      return passageOf('', 0, { ...unless, kept: { ...kept, event: { ...event, data } } });
    };
    for (let index = 0; index < 8; index += 1) await flow.pass('batch', [large(index)], START);
    const first = await flow.ripe(START + DAY, 10);
    const second = await flow.ripe(START + DAY, 10);
    expect([first.length, second.length]).toEqual([6, 2]);
  });

  it('takes any text as the id of an event', async () => {
    const odd = ['\ud800', '\u0000', '"\\', '日本/ü', ' '];
    const answers = await flow.pass(
      'batch',
      odd.map((id) => passageOf(id, 0, unless)),
      START,
    );
    expect(answers.map(({ kind }) => kind)).toEqual(odd.map(() => 'waiting'));
    const ripe = await flow.ripe(START + DAY, 10);
    expect(ripe.flatMap(({ members }) => members)).toEqual(expect.arrayContaining(odd.map(keptOf)));
  });

  it('keeps owners as long as anything there can matter, and the memo of a batch for a month', async () => {
    await flow.pass('batch', [passageOf('a', 0, throttle)], START);
    const [asThrottle, memo] = [await redis.pttl(ownerKey(EVERYBODY)), await redis.pttl(memoKey('batch'))];
    // A sixteenth more is kept, so that it need not be written so often.
    expect(asThrottle / HOUR).toBeCloseTo(((8 * 24 + 1) * 17) / 16, 1);
    expect(memo / DAY).toBeCloseTo(30, 1);
    await flow.pass('next', [passageOf('b', 0, { ...unless, lead: LEAD })], START - DAY);
    for (const owner of [EVERYBODY, LEAD]) {
      expect((await redis.pttl(ownerKey(owner))) / HOUR).toBeGreaterThan(9 * 24 + 0.9);
    }
  });
});
