import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import type { KeyedPace, Pace } from '../../../src/contracts/lane.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import type { LaneSign } from '../../../src/delivery/gate/lane-sign.js';
import type { Claim } from '../../../src/delivery/ledger-terms.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ModelLane } from './model-lane.js';
import { ending, someEffect } from './some-effect.js';

const LANE = '{signalman}:lane:ops';
const LEASE = 3_600_000;
const START = Date.parse('2026-05-04T10:00:00Z');

describe('what may go to a destination', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let ledger: EffectLedger;
  let raw: Redis;
  let now = START;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    ledger = new EffectLedger(connections);
    raw = connections.forWorkers();
  });
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });
  beforeEach(async () => {
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    await anew();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function anew(): Promise<void> {
    now = START;
    await raw.flushall();
  }
  let token = 0;
  const enter = (effect: Effect, paces: { pace?: Pace; paces?: KeyedPace[] } = {}): Promise<Claim> => {
    token += 1;
    return ledger.claim(effect, { token: String(token), leaseMs: LEASE, ...paces });
  };
  const end = (effect: Effect, sign: LaneSign): Promise<string | undefined> =>
    ledger.settle(effect, String(token), ending('waiting', 'http.500: no', { sign }));
  /** One attempt from its beginning to its end. */
  async function attempt(sign: LaneSign): Promise<string | undefined> {
    const effect = someEffect();
    expect((await enter(effect)).verdict).toBe('go');
    return await end(effect, sign);
  }
  const DOWN = { kind: 'down' } as const;

  it('is nothing for a while after five failures in a row, then one effect, then everything', async () => {
    for (let i = 1; i < 5; i += 1) expect(await attempt(DOWN)).toBeUndefined();
    expect(await attempt({ kind: 'reached' })).toBeUndefined();
    for (let i = 1; i < 5; i += 1) expect(await attempt(DOWN)).toBeUndefined();
    expect(await attempt(DOWN)).toBe('opened');
    const held = await enter(someEffect());
    expect(held).toMatchObject({ verdict: 'lane', why: 'open' });
    now = held.verdict === 'lane' ? held.until : 0;
    const probe = someEffect();
    expect((await enter(probe)).verdict).toBe('go');
    expect(await enter(someEffect())).toEqual({ verdict: 'lane', why: 'half-open', until: now + 1_000 });
    token -= 1;
    expect(await end(probe, { kind: 'reached' })).toBe('closed');
    expect((await enter(someEffect())).verdict).toBe('go');
  });

  it('is nothing more once a destination has asked for it, until a person deletes what is known of it', async () => {
    expect(await attempt({ kind: 'gone' })).toBe('disabled');
    now += 30 * 24 * 3_600_000;
    expect(await enter(someEffect())).toMatchObject({ verdict: 'lane', why: 'disabled' });
    await raw.del(LANE);
    expect((await enter(someEffect())).verdict).toBe('go');
  });

  it('is nothing until the time that a destination named, though others had got through meanwhile', async () => {
    const [first, second] = [someEffect(), someEffect()];
    await enter(second);
    await enter(first);
    await end(first, { kind: 'asked', until: now + 60_000 });
    token -= 1;
    await end(second, { kind: 'reached' });
    expect(await enter(someEffect())).toEqual({ verdict: 'lane', why: 'asked', until: now + 60_000 });
    now += 60_000;
    expect((await enter(someEffect())).verdict).toBe('go');
  });

  it('knows since when a destination asks to be left alone, again and again or anew', async () => {
    const since = async (): Promise<number> => Number(await raw.hget(LANE, 'askedSince')) - START;
    const asked = async (): Promise<void> => {
      await attempt({ kind: 'asked', until: now + 60_000 });
    };
    await asked();
    now += 60_500;
    await asked();
    expect(await since()).toBe(0);
    now += 60_000 + 3_600_000;
    await asked();
    expect(await since()).toBe(60_500 + 60_000 + 3_600_000);
  });

  it('lets another probe go when the first one died', async () => {
    for (let i = 0; i < 5; i += 1) await attempt(DOWN);
    now += 600_000;
    await ledger.claim(someEffect(), { token: 'dies', leaseMs: 0 });
    expect((await enter(someEffect())).verdict).toBe('go');
  });

  it('asks nothing of an effect that is over', async () => {
    const done = someEffect();
    await enter(done);
    await ledger.settle(done, String(token), ending('done'));
    await attempt({ kind: 'gone' });
    expect(await enter(done)).toEqual({ verdict: 'done' });
  });

  it('agrees with a plain model of the breaker, whatever happens in whatever order', async () => {
    const signs = fc.oneof(
      { weight: 30, arbitrary: fc.constant<LaneSign>(DOWN) },
      fc.constantFrom<LaneSign>(
        { kind: 'none' },
        { kind: 'reached' },
        { kind: 'asked', until: 0 },
        { kind: 'held', until: 0 },
      ),
      { weight: 1, arbitrary: fc.constant<LaneSign>({ kind: 'gone' }) },
    );
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
      { weight: 5, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(3), sign: signs }) },
      fc.record({ do: fc.constant('die' as const) }),
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('wait' as const),
          ms: fc.constantFrom(1, 900, 6_000, 60_000, 720_000),
        }),
      },
    );
    const opened = { times: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 80, size: 'max' }), async (steps) => {
        await anew();
        const model = new ModelLane();
        let underWay: { effect: Effect; own: string }[] = [];
        for (const each of steps) {
          if (each.do === 'wait') now += each.ms;
          else if (each.do === 'die') {
            underWay = [];
            model.die();
            await raw.hset(LANE, 'probeLease', 0);
          } else if (each.do === 'begin') {
            const effect = someEffect();
            const claim = await enter(effect);
            expect(claim).toEqual(model.begin(String(token), now) ?? { verdict: 'go' });
            if (claim.verdict === 'go') underWay.push({ effect, own: String(token) });
          } else {
            const [one] = underWay.splice(each.which % Math.max(1, underWay.length), 1);
            if (one === undefined) continue;
            const sign = 'until' in each.sign ? { ...each.sign, until: now + 30_000 } : each.sign;
            const change = await ledger.settle(one.effect, one.own, ending('waiting', 'x: y', { sign }));
            const until = Number((await raw.hget(LANE, 'until')) ?? 0);
            expect(change).toBe(model.end(one.own, sign, { now, until }));
            if (change === 'opened') opened.times += 1;
          }
        }
      }),
      { numRuns: 60 },
    );
    // Otherwise the property would have said nothing.
    expect(opened.times).toBeGreaterThan(15);
  }, 60_000);

  it('is never more than its pace allows, and no effect waits longer than it has to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ everyMs: fc.integer({ min: 1, max: 5_000 }), burst: fc.integer({ min: 1, max: 5 }) }),
        fc.array(fc.nat(8_000), { minLength: 5, maxLength: 40 }),
        async (pace, pauses) => {
          await anew();
          const gone: number[] = [];
          for (const pause of pauses) {
            now += pause;
            const effect = someEffect();
            const claim = await enter(effect, { pace });
            if (claim.verdict !== 'lane') gone.push(now);
            else {
              expect(claim.why).toBe('pace');
              now = claim.until - 1;
              expect((await enter(effect, { pace })).verdict).toBe('lane');
              now = claim.until;
              expect((await enter(effect, { pace })).verdict).toBe('go');
              gone.push(now);
            }
          }
          expectPace(gone, pace, 0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives each effect for a part of a destination one turn, and each turn to one effect', async () => {
    const paces = fc.record({
      everyMs: fc.integer({ min: 100, max: 2_000 }),
      burst: fc.integer({ min: 1, max: 4 }),
    });
    const keys = fc.array(fc.subarray(['a', 'b', 'c'], { minLength: 1, maxLength: 2 }), {
      minLength: 2,
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(
        paces,
        keys,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (pace, list, chance) => {
          await anew();
          const { putOff, gone } = await run(
            list,
            pace,
            (turn) => turn + 0.15 * pace.everyMs * (chance.next().value ?? 0),
          );
          for (const times of Object.values(gone)) expectPace(times, pace, 0.2);
          expect(Math.max(...putOff)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([20_000, 90_000])(
    'keeps to the pace of a part after an outage of %i ms, when turns are over at once',
    async (outage) => {
      const pace = { everyMs: 1_000, burst: 2 };
      const list = Array.from({ length: 30 }, () => ['a']);
      const { putOff, gone } = await run(list, pace, (turn) => Math.max(turn, START + outage));
      expect(gone['a']).toHaveLength(30);
      expectPace(gone['a'] ?? [], pace, 0.2);
      expect(Math.max(...putOff)).toBeLessThanOrEqual(2);
    },
  );

  it('gives no second turn to a repeat of an effect that has one', async () => {
    const paces = [{ key: 'channel', everyMs: 1_000, burst: 1 }];
    const [first, second, third] = [someEffect(), someEffect(), someEffect()];
    expect((await enter(first, { paces })).verdict).toBe('go');
    for (let i = 0; i < 3; i += 1)
      expect(await enter(second, { paces })).toEqual({ verdict: 'turn', until: START + 1_000 });
    expect(await enter(third, { paces })).toEqual({ verdict: 'turn', until: START + 2_000 });
    now = START + 1_000;
    expect((await enter(second, { paces })).verdict).toBe('go');
  });

  it('takes no turn for an effect whose lane is held', async () => {
    const paces = [{ key: 'channel', everyMs: 1_000, burst: 1 }];
    await attempt({ kind: 'asked', until: now + 500 });
    for (let i = 0; i < 5; i += 1) expect((await enter(someEffect(), { paces })).verdict).toBe('lane');
    now += 500;
    expect((await enter(someEffect(), { paces })).verdict).toBe('go');
  });

  /** Lets the effects come, all at once, and come again when they are told to, or when `returnsAt` says so. */
  async function run(
    keysOf: readonly (readonly string[])[],
    pace: Pace,
    returnsAt: (turn: number) => number,
  ): Promise<{ putOff: number[]; gone: Record<string, number[]> }> {
    const gone: Record<string, number[]> = {};
    const putOff = keysOf.map(() => 0);
    const waiting = keysOf.map((keys, index) => ({ keys, index, effect: someEffect(), at: START }));
    while (waiting.length > 0) {
      waiting.sort((a, b) => a.at - b.at);
      const [next] = waiting;
      if (next === undefined) break;
      now = Math.max(now, Math.ceil(next.at));
      const claim = await enter(next.effect, { paces: next.keys.map((key) => ({ key, ...pace })) });
      if (claim.verdict === 'turn') {
        expect(claim.until).toBeGreaterThan(now);
        putOff[next.index] = (putOff[next.index] ?? 0) + 1;
        next.at = returnsAt(claim.until);
      } else {
        expect(claim.verdict).toBe('go');
        for (const key of next.keys) (gone[key] ??= []).push(now);
        waiting.shift();
      }
    }
    return { putOff, gone };
  }
});

/** In no window are there more than the burst and one for each time between two. `leeway`: of that time. */
function expectPace(times: readonly number[], { everyMs, burst }: Pace, leeway: number): void {
  const sorted = [...times].sort((a, b) => a - b);
  for (const [first, from] of sorted.entries())
    for (const [last, to] of sorted.entries())
      if (last >= first)
        expect(last - first + 1).toBeLessThanOrEqual(burst + leeway + (to - from) / everyMs + 1e-9);
}
