import { Redis } from 'ioredis';
import type { MarketoDestination } from '../../../src/contracts/connections.js';
import type { Priority } from '../../../src/contracts/effect.js';
import { CallBudget, type Grant } from '../../../src/marketo/call-budget.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const INSTANCE: MarketoDestination = {
  kind: 'marketo',
  munchkinId: '123-ABC-456',
  origin: 'https://marketo.example',
  clientId: 'c',
  clientSecret: 's',
  calls: { atOnce: 10 },
};
const NOON = Date.parse('2026-05-04T17:00:00Z');
const MIDNIGHT = Date.parse('2026-05-05T05:00:00Z');
const DAY = 86_400_000;
const USAGE_KEY = '{signalman}:usage:123-ABC-456';
/** Marketo's window, and a second for those on their way. */
const WINDOW = 21_000;

describe('the budget of calls', () => {
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
    const budget = new CallBudget(own, clock, clock);
    const ask = (
      instance = INSTANCE,
      priority: Priority = 'high',
      kind = 'marketo.addToList',
      leaseMs = 45_000,
    ) => budget.take(instance, { kind, priority, leaseMs });
    /** How many of so many calls, each over at once, were granted. */
    const take = async (count: number, ...wanted: Parameters<typeof ask>): Promise<number> => {
      let granted = 0;
      for (let asked = 0; asked < count; asked += 1) {
        const grant = await ask(...wanted);
        if (!('lease' in grant)) break;
        granted += 1;
        await budget.giveBack(INSTANCE, grant.lease, 'done');
      }
      return granted;
    };
    return { clock, budget, ask, take };
  }
  const leaseOf = (grant: Grant): string => ('lease' in grant ? grant.lease : 'none');

  describe('of the window', () => {
    it('grants so many calls in any 20 seconds, over all processes together', async () => {
      const [one, other] = [process(), process()];
      const granted = await Promise.all([one.take(30), other.take(30)]);
      expect(granted[0] + granted[1]).toBe(50);
      expect(await other.ask()).toEqual({ obstacle: 'window', until: NOON + WINDOW });
      expect(await one.budget.report(INSTANCE)).toEqual({ window: 50, places: 0, day: 50 });
    });

    it('grants no more in any 20 seconds, however they are spread', async () => {
      const { clock, take } = process();
      const times: number[] = [];
      for (let step = 0; step < 120; step += 1) {
        clock.time += (step * 7_919) % 1_500;
        for (let granted = await take(3); granted > 0; granted -= 1) times.push(clock.time);
      }
      const within = times.map((end) => times.filter((at) => at > end - 20_000 && at <= end).length);
      expect(Math.max(...within)).toBeLessThanOrEqual(50);
      expect(times.length).toBeGreaterThan(150);
    });

    it('grants again from when it says', async () => {
      const { clock, take, ask } = process();
      await take(20);
      clock.time += 5_000;
      await take(30);
      expect(await ask()).toEqual({ obstacle: 'window', until: NOON + WINDOW });
      clock.time = NOON + WINDOW - 1;
      expect(await take(1)).toBe(0);
      clock.time += 1;
      expect(await take(50)).toBe(20);
    });

    it.each<[Priority, number]>([
      ['high', 50],
      ['normal', 40],
      ['low', 25],
    ])('lets calls of %s priority have %i of 50', async (priority, granted) => {
      const { take, clock } = process();
      expect(await take(60, INSTANCE, priority)).toBe(granted);
      expect(await take(60, INSTANCE, 'high')).toBe(50 - granted);
      clock.time += WINDOW;
      expect(await take(60, { ...INSTANCE, calls: { perWindow: 1, atOnce: 1 } }, priority)).toBe(1);
    });

    it('does not wait for a time that a clock ahead has noted', async () => {
      await process(NOON + 3_600_000).take(50);
      expect(await process().take(50)).toBe(50);
    });
  });

  describe('of the places', () => {
    it('grants so many at once over all processes, and more when they are given back', async () => {
      const [one, other] = [process(), process()];
      const grants = await Promise.all(
        [one, other, one, other, one, other].map(({ ask }) => ask({ ...INSTANCE, calls: {} })),
      );
      expect(grants.filter((grant) => 'lease' in grant)).toHaveLength(5);
      expect(grants.find((grant) => 'obstacle' in grant)).toEqual({ obstacle: 'places', until: NOON + 100 });
      await other.budget.giveBack(INSTANCE, leaseOf(grants[0] ?? (grants[1] as Grant)), 'done');
      expect(leaseOf(await one.ask({ ...INSTANCE, calls: {} }))).not.toBe('none');
    });

    it('leaves places free for those that matter more', async () => {
      const { ask } = process();
      const count = async (priority: Priority) => {
        let granted = 0;
        while ('lease' in (await ask(INSTANCE, priority))) granted += 1;
        return granted;
      };
      expect([await count('low'), await count('normal'), await count('high')]).toEqual([5, 3, 2]);
    });

    it('has the place of a worker that died when its lease is over', async () => {
      const { ask, clock } = process();
      const single = { ...INSTANCE, calls: { atOnce: 1 } };
      await ask(single, 'high', 'marketo.addToList', 30_000);
      clock.time += 29_999;
      expect(await ask(single)).toMatchObject({ obstacle: 'places' });
      clock.time += 1;
      expect(leaseOf(await ask(single))).not.toBe('none');
    });
  });

  describe('of the day', () => {
    const limited = { ...INSTANCE, dailyCalls: 1_000 };
    const read = (used: number, at = NOON, day = MIDNIGHT) => raw.hset(USAGE_KEY, { day, used, at });

    it.each<[string, Priority, number, number]>([
      ['low below 75 %', 'low', 749, 1],
      ['low at 75 %', 'low', 750, 0],
      ['normal at 88 %', 'normal', 880, 0],
      ['normal below', 'normal', 879, 1],
      ['high below the reserve', 'high', 949, 1],
      ['high at the reserve', 'high', 950, 0],
    ])('grants by what all have used: %s', async (_what, priority, used, granted) => {
      await read(used);
      const { take, ask } = process();
      expect(await take(2, limited, priority)).toBe(granted);
      expect(await ask(limited, priority)).toEqual({ obstacle: 'day', until: MIDNIGHT });
      expect(await take(1, INSTANCE, priority)).toBe(1);
    });

    it('never touches a larger reserve, whatever the priority', async () => {
      await read(799);
      const careful = { ...limited, calls: { reservePercent: 20 } };
      expect(await process().take(5, careful, 'normal')).toBe(1);
      expect(await process().take(5, careful, 'high')).toBe(0);
    });

    it('counts what we have called since the reading, and no call twice', async () => {
      const { take, budget, clock } = process();
      const wide = { ...limited, calls: { perWindow: 100 } };
      await take(20, wide);
      await read(900);
      expect(await take(60, wide)).toBe(50);
      // The next reading has counted those in.
      clock.time += 5 * 60_000;
      await read(940, clock.time);
      expect((await budget.report(limited)).day).toBe(940);
      expect(await take(60, wide)).toBe(10);
    });

    it('counts a call as not read yet that was under way when the usage was read', async () => {
      const { ask, budget, take } = process();
      const grants = [await ask(limited), await ask(limited)];
      const reading = await ask(limited, 'high', 'usage');
      await take(3, limited);
      for (const grant of [...grants, reading]) await budget.giveBack(INSTANCE, leaseOf(grant), 'done');
      await read(900);
      // Two that were under way, the reading itself, and three since.
      expect((await budget.report(limited)).day).toBe(906);
    });

    it('begins anew at midnight in US Central time, also before anybody has read the usage', async () => {
      await read(1_000);
      const { take, clock } = process(MIDNIGHT - 1);
      expect(await take(1, limited)).toBe(0);
      clock.time = MIDNIGHT;
      expect(await take(1, limited, 'low')).toBe(1);
      await read(1_000, MIDNIGHT, MIDNIGHT + DAY);
      expect(await take(1, limited)).toBe(0);
    });

    it('grants so many look-ups a day', async () => {
      const instance = { ...INSTANCE, lookUps: { perDay: 5 } };
      const { clock, ask, take } = process(MIDNIGHT - 60_000);
      expect(await take(8, instance, 'normal', 'look-up')).toBe(5);
      expect(await ask(instance, 'normal', 'look-up')).toEqual({ obstacle: 'look-ups', until: MIDNIGHT });
      expect(await take(1, instance, 'normal')).toBe(1);
      clock.time = MIDNIGHT;
      expect(await take(8, instance, 'normal', 'look-up')).toBe(5);
    });
  });

  describe('after Marketo has said no', () => {
    it('606 pauses all for its window', async () => {
      const [one, other] = [process(), process()];
      await one.budget.giveBack(INSTANCE, leaseOf(await one.ask()), '606');
      expect(await other.ask()).toEqual({ obstacle: 'paused', until: NOON + 20_000 });
      other.clock.time += 20_000;
      expect(await other.take(1)).toBe(1);
    });

    it('607 ends the day, but one call each quarter of an hour finds out whether it still does', async () => {
      const [one, other] = [process(), process()];
      await one.budget.giveBack(INSTANCE, leaseOf(await one.ask()), '607');
      expect(await other.ask()).toEqual({ obstacle: 'used-up', until: NOON + 15 * 60_000 });
      one.clock.time = other.clock.time = NOON + 15 * 60_000;
      const probe = await other.ask();
      expect(await one.ask()).toEqual({ obstacle: 'used-up', until: one.clock.time + 60_000 });
      await other.budget.giveBack(INSTANCE, leaseOf(probe), '607');
      expect(await one.ask()).toEqual({ obstacle: 'used-up', until: one.clock.time + 15 * 60_000 });
      one.clock.time += 15 * 60_000;
      const second = await one.ask();
      await one.budget.giveBack(INSTANCE, leaseOf(second), 'done');
      expect(await other.take(3)).toBe(3);
    });

    it('607 holds until midnight, and a call from before it proves nothing', async () => {
      const { ask, budget, clock, take } = process();
      const [early, refused] = [await ask(), await ask()];
      await budget.giveBack(INSTANCE, leaseOf(refused), '607');
      await budget.giveBack(INSTANCE, leaseOf(early), 'done');
      expect(await ask()).toMatchObject({ obstacle: 'used-up' });
      clock.time = MIDNIGHT;
      expect(await take(5)).toBe(5);
    });

    it('615 halves the calls at once for a minute, down to one', async () => {
      const { ask, budget, clock } = process();
      const atOnce = async () => {
        const leases: string[] = [];
        for (;;) {
          const grant = await ask();
          if (!('lease' in grant)) break;
          leases.push(grant.lease);
        }
        for (const lease of leases) await budget.giveBack(INSTANCE, lease, 'done');
        clock.time += 1_000;
        return leases.length;
      };
      const refuse = async () => budget.giveBack(INSTANCE, leaseOf(await ask()), '615');
      expect(await atOnce()).toBe(10);
      const counts = [];
      for (let times = 0; times < 4; times += 1) {
        await refuse();
        counts.push(await atOnce());
      }
      expect(counts).toEqual([5, 2, 1, 1]);
      clock.time += 60_000;
      expect(await atOnce()).toBe(10);
    });
  });

  it('counts each instance for itself, in any spelling', async () => {
    const { take } = process();
    expect(await take(50)).toBe(50);
    expect(await take(1, { ...INSTANCE, munchkinId: '123-abc-456' })).toBe(0);
    expect(await take(1, { ...INSTANCE, munchkinId: '999-ABC-456' })).toBe(1);
  });
});
