import { Redis } from 'ioredis';
import type { MarketoDestination } from '../../../src/contracts/connections.js';
import { ReadBudget, type ReadPurpose } from '../../../src/marketo/read-budget.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { failureOf } from '../../support/attempts.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const INSTANCE: MarketoDestination = {
  kind: 'marketo',
  munchkinId: '123-ABC-456',
  origin: 'https://marketo.example',
  clientId: 'c',
  clientSecret: 's',
};
const NOON = Date.parse('2026-05-04T17:00:00Z');
const MIDNIGHT = Date.parse('2026-05-05T05:00:00Z');
const USAGE_KEY = '{signalman}:usage:123-ABC-456';

describe('the budget of reads', () => {
  let redis: RedisForTest;
  let raw: Redis;
  const connections: RedisConnections[] = [];

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    raw = new Redis(redis.url);
  });
  beforeEach(() => raw.flushall());
  afterAll(async () => {
    await Promise.all(connections.map((each) => each.close()));
    raw.disconnect();
    await redis.stop();
  });

  /** That of one process, whose clock says so. */
  function process(now = NOON) {
    const clock = { time: now, now: () => clock.time };
    const own = new RedisConnections(redis.url);
    connections.push(own);
    const budget = new ReadBudget(own, clock);
    return { clock, budget, take: takenFrom(budget) };
  }

  /** How many of so many calls were granted. */
  function takenFrom(budget: ReadBudget) {
    return async (count: number, instance = INSTANCE, purpose: ReadPurpose = 'look-up'): Promise<number> => {
      const asked = Array.from({ length: count }, () => budget.take(instance, purpose));
      return (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled').length;
    };
  }

  it('grants 40 calls in any 20 seconds, over all processes together', async () => {
    const [one, other] = [process(), process()];
    const granted = await Promise.all([one.take(30), other.take(30)]);
    expect(granted[0] + granted[1]).toBe(40);
    expect(await failureOf(other.budget.take(INSTANCE, 'look-up'))).toMatchObject({
      code: 'marketo.read_budget.window',
      message: '40 reads of 123-ABC-456 within 20 seconds are the most that may be made',
      retry: { kind: 'at', at: NOON + 20_000 },
      postponed: true,
    });
  });

  it('grants no more than 40 in any 20 seconds, however they are spread', async () => {
    const { clock, take } = process();
    const times: number[] = [];
    for (let step = 0; step < 120; step += 1) {
      clock.time += (step * 7_919) % 1_500;
      for (let granted = await take(3); granted > 0; granted -= 1) times.push(clock.time);
    }
    const within = times.map((end) => times.filter((at) => at > end - 20_000 && at <= end).length);
    expect(Math.max(...within)).toBe(40);
    expect(times.length).toBeGreaterThan(120);
  });

  it('does not wait for a time that a clock ahead has noted', async () => {
    await process(NOON + 3_600_000).take(40);
    expect(await process().take(40)).toBe(40);
  });

  it('grants so many look-ups a day, and again from midnight on in US Central time', async () => {
    const instance = { ...INSTANCE, lookUps: { perDay: 5 } };
    const { clock, budget, take } = process(MIDNIGHT - 60_000);
    expect(await take(8, instance)).toBe(5);
    expect(await failureOf(budget.take(instance, 'look-up'))).toMatchObject({
      code: 'marketo.read_budget.day',
      message: 'The 5 calls a day that looking up leads of 123-ABC-456 may take are used up',
      retry: { kind: 'at', at: MIDNIGHT },
    });
    expect(await take(1, instance, 'poll')).toBe(1);
    clock.time = MIDNIGHT;
    expect(await take(8, instance)).toBe(5);
  });

  it('has 5,000 a day unless it is told', async () => {
    await raw.hset('{signalman}:reads:123-ABC-456', { day: MIDNIGHT, taken: 4_998 });
    expect(await process().take(5)).toBe(2);
  });

  it.each([
    ['below 95 %', { day: MIDNIGHT, used: 9_499 }, 1],
    ['at 95 %', { day: MIDNIGHT, used: 9_500 }, 0],
    ['at 100 % of the day before', { day: MIDNIGHT - 86_400_000, used: 10_000 }, 1],
  ])('looks at the usage of all: %s', async (_what, usage, granted) => {
    await raw.hset(USAGE_KEY, usage);
    const { take, budget } = process();
    const limited = { ...INSTANCE, dailyCalls: 10_000 };
    expect(await take(1, limited)).toBe(granted);
    expect(await take(1, limited, 'poll')).toBe(1);
    expect(await take(1)).toBe(1);
    if (granted === 0)
      expect(await failureOf(budget.take(limited, 'look-up'))).toMatchObject({
        message: '95 % of the 10000 calls a day of 123-ABC-456 are used: no more leads are looked up today',
        retry: { kind: 'at', at: MIDNIGHT },
      });
  });

  it('grants nothing while Marketo wants none, and the longest pause counts', async () => {
    const [one, other] = [process(), process()];
    await one.budget.pause(INSTANCE, MIDNIGHT);
    await one.budget.pause(INSTANCE, NOON + 20_000);
    for (const purpose of ['look-up', 'poll'] as const)
      expect(await failureOf(other.budget.take(INSTANCE, purpose))).toMatchObject({
        code: 'marketo.read_budget.paused',
        retry: { kind: 'at', at: MIDNIGHT },
      });
    other.clock.time = MIDNIGHT;
    expect(await other.take(1)).toBe(1);
  });

  it('counts each instance for itself, in any spelling', async () => {
    const { take } = process();
    expect(await take(40)).toBe(40);
    expect(await take(1, { ...INSTANCE, munchkinId: '123-abc-456' })).toBe(0);
    expect(await take(1, { ...INSTANCE, munchkinId: '999-ABC-456' })).toBe(1);
  });
});
