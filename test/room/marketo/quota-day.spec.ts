import { Redis } from 'ioredis';
import type { MarketoDestination } from '../../../src/contracts/connections.js';
import type { Priority } from '../../../src/contracts/effect.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { SimulatedDay } from './simulated-day.js';

const HOUR = 3_600_000;
const DAILY = 10_000;
const LIMITS = { perWindow: 50, atOnce: 5 };
const INSTANCE: MarketoDestination = {
  kind: 'marketo',
  munchkinId: '123-ABC-456',
  origin: 'https://marketo.example',
  clientId: 'c',
  clientSecret: 's',
  dailyCalls: DAILY,
  calls: LIMITS,
};
/** Of the day's calls, from the priority up. */
const ENDS: Readonly<Record<Priority, number>> = { high: 0.95, normal: 0.88, low: 0.75 };
/** Three pauses of a window that others have filled, and the calls after them. */
const LONGEST_WAIT = 90_000;

/** Some seconds, also where much else runs. */
const TIMEOUT_MS = 180_000;

describe('a day of an instance that others use as well', () => {
  let redis: RedisForTest;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
  });
  afterAll(() => redis.stop());

  async function simulate(noon: string, seed: number, othersFactor: number): Promise<SimulatedDay> {
    const raw = new Redis(redis.url);
    await raw.flushall();
    raw.disconnect();
    const day = new SimulatedDay(redis.url, INSTANCE, { at: Date.parse(noon), seed, othersFactor });
    await day.run(HOUR);
    await day.close();
    return day;
  }

  /** Never more than we may within 20 seconds, nor at once, nor of the day as far as anybody can know. */
  function expectLimitsKept({ calls, midnight }: SimulatedDay): void {
    const times = calls.map(({ at }) => at);
    for (const [index, at] of times.entries())
      expect(at - (times[index - LIMITS.perWindow] ?? -Infinity)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...calls.map(({ underWay }) => underWay))).toBeLessThanOrEqual(LIMITS.atOnce);
    for (const { known, priority } of calls.filter(({ at }) => at < midnight))
      expect(known).toBeLessThan(DAILY * ENDS[priority]);
    // What Marketo refused, it refused because others had filled it.
    const codes = new Set(calls.map(({ refusedWith }) => refusedWith));
    expect([...codes].filter((code) => code !== undefined && code !== '606' && code !== '615')).toEqual([]);
  }

  it.each([
    ['a day like any other', '2026-05-04T17:00:00Z', 24],
    ['the day on which the clocks go forward', '2026-03-08T17:00:00Z', 23],
    ['the day on which the clocks go back', '2026-11-01T17:00:00Z', 25],
  ])(
    'sheds by priority, and lets none of high priority wait for long: %s',
    async (what, noon, hours) => {
      const day = await simulate(noon, hours, 0.84 * (24 / hours));
      const { calls, effects, began, midnight } = day;
      expect(midnight - began).toBe(hours * HOUR);
      expectLimitsKept(day);
      const totals = calls.filter(({ at }) => at < midnight).map(({ total }) => total);
      expect(Math.max(...totals)).toBeGreaterThan(DAILY * ENDS.normal);
      expect(Math.max(...totals)).toBeLessThan(DAILY * ENDS.high);

      const shed = (priority: Priority) => day.firstShed.get(priority) ?? Infinity;
      expect(shed('low')).toBeLessThan(shed('normal'));
      expect(shed('normal')).toBeLessThan(midnight);
      expect(shed('high')).toBe(Infinity);
      const high = effects.filter(({ priority }) => priority === 'high');
      const waits = high.map(({ bornAt, doneAt = Infinity }) => doneAt - bornAt);
      expect(Math.max(...waits)).toBeLessThanOrEqual(LONGEST_WAIT);
      // What was shed is done once the next day has begun.
      expect(effects.filter(({ doneAt }) => doneAt === undefined)).toEqual([]);
      print(what, day, Math.max(...waits));
    },
    TIMEOUT_MS,
  );

  it(
    'leaves the reserve alone, also when others do not',
    async () => {
      const day = await simulate('2026-05-04T17:00:00Z', 1, 1.3);
      expectLimitsKept(day);
      const { calls, midnight } = day;
      const ofTheDay = calls.filter(({ at }) => at < midnight);
      const end = ofTheDay.at(-1)?.at ?? midnight;
      expect(midnight - end).toBeGreaterThan(HOUR);
      expect(day.firstShed.get('high')).toBeGreaterThanOrEqual(end);
      // Ours went no further than others did unseen between two readings.
      expect(Math.max(...ofTheDay.map(({ total, known }) => total - known))).toBeLessThan(DAILY * 0.05);
    },
    TIMEOUT_MS,
  );

  function print(what: string, { calls, effects, midnight }: SimulatedDay, longestWait: number): void {
    const refused = (code: string) => calls.filter(({ refusedWith }) => refusedWith === code).length;
    const late = (priority: Priority) =>
      effects.filter((effect) => effect.priority === priority && (effect.doneAt ?? 0) >= midnight).length;
    const made = calls.filter(({ effects: together }) => together > 0).length;
    process.stdout.write(
      `${what}: ${effects.length} effects in ${made} calls, ${effects.length - made} calls saved; refused while others ` +
        `filled Marketo's limits: ${refused('606')} (606), ${refused('615')} (615); put off until midnight: ` +
        `${late('low')} low, ${late('normal')} normal, ${late('high')} high; high waited ${longestWait / 1_000} s at most\n`,
    );
  }
});
