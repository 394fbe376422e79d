import { jest } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { Effect } from '../../../src/contracts/effect.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import type { LaneSign } from '../../../src/delivery/gate/lane-sign.js';
import type { Claim } from '../../../src/delivery/ledger-terms.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { Lanes } from '../../../src/queues/lanes.js';
import { useRedis } from '../../support/use-redis.js';
import { ending, someEffect } from './some-effect.js';

const LANE = '{signalman}:lane:ops';
const LIMITER = '{signalman}:actions-ops:limiter';
const PAUSE = { by: 'cli:ada', reason: 'They move house', since: '2026-05-04T10:00:00.000Z' };
const LEASE = 3_600_000;
const START = Date.parse('2026-05-04T10:00:00Z');
const DOWN = { kind: 'down' } as const;

describe('a lane', () => {
  const used = useRedis();
  let ledger: EffectLedger;
  let raw: Redis;
  let now: number;
  let token = 0;

  beforeEach(() => {
    now = START;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    ledger = new EffectLedger(used.connections);
    raw = used.client;
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const enter = (effect: Effect): Promise<Claim> => {
    token += 1;
    return ledger.claim(effect, { token: String(token), leaseMs: LEASE });
  };
  const end = (effect: Effect, sign: LaneSign, own = token): Promise<string | undefined> =>
    ledger.settle(effect, String(own), ending('waiting', 'http.500: no', { sign }));
  /** One attempt from its beginning to its end. */
  async function attempt(sign: LaneSign): Promise<string | undefined> {
    const effect = someEffect();
    expect((await enter(effect)).verdict).toBe('go');
    return await end(effect, sign);
  }

  it('is held for all workers by whoever asks, until a person resumes it, and not by who asked before', async () => {
    const queues = new LaneQueues(raw);
    const lanes = new Lanes(used.connections, queues);
    for (const stop of [() => attempt({ kind: 'gone' }), () => lanes.pause('ops', PAUSE)]) {
      await stop();
      expect(await enter(someEffect())).toMatchObject({ verdict: 'lane' });
      expect(await raw.pttl(LIMITER)).toBeGreaterThan(3_000_000);
      await lanes.resume('ops');
      expect(await raw.exists(LIMITER)).toBe(0);
      expect((await enter(someEffect())).verdict).toBe('go');
    }
    await queues.onApplicationShutdown();
  });

  it('is held for all workers when an attempt ends that way, and no longer when another shows that it is well', async () => {
    for (let i = 0; i < 5; i += 1) await attempt(DOWN);
    expect(await raw.pttl(LIMITER)).toBeGreaterThan(3_000);
    now += 7_000;
    const probe = someEffect();
    await enter(probe);
    expect(await end(probe, { kind: 'reached' })).toBe('closed');
    expect(await raw.exists(LIMITER)).toBe(0);
  });

  it('is held for all workers until the time that a destination named', async () => {
    await attempt({ kind: 'asked', until: now + 60_000 });
    expect(await raw.pttl(LIMITER)).toBeGreaterThan(50_000);
  });

  it('is held for a day at most, and for as long as the longest hold says', async () => {
    const [first, second] = [someEffect(), someEffect()];
    await enter(first);
    await end(first, { kind: 'held', until: now + 365 * 24 * 3_600_000 });
    await enter(second);
    await end(second, { kind: 'held', until: now + 1_000 });
    const held = await raw.pttl(LIMITER);
    expect(held).toBeGreaterThan(23 * 3_600_000);
    expect(held).toBeLessThanOrEqual(24 * 3_600_000);
  });

  it('tries with an effect that did not fail before, if one comes soon', async () => {
    const poison = someEffect();
    for (let i = 0; i < 5; i += 1) {
      await enter(poison);
      await end(poison, DOWN);
    }
    const until = Number(await raw.hget(LANE, 'until'));
    now = until;
    expect(await enter(poison)).toEqual({ verdict: 'turn', until: until + 2_000 });
    now = until + 2_000;
    expect((await enter(poison)).verdict).toBe('go');
    await end(poison, DOWN);
    now = Number(await raw.hget(LANE, 'until'));
    expect((await enter(poison)).verdict).toBe('turn');
    expect((await enter(someEffect())).verdict).toBe('go');
  });

  it('knows since when it has been asked for a pause without a break', async () => {
    const since = () => raw.hget(LANE, 'askedSince');
    await attempt({ kind: 'asked', until: now + 60_000 });
    const begun = now;
    const underWay = someEffect();
    now += 60_000;
    await enter(underWay);
    await attempt({ kind: 'asked', until: now + 60_000 });
    expect(await since()).toBe(String(begun));
    // It was under way before the destination asked again.
    await end(underWay, { kind: 'reached' }, token - 1);
    expect(await since()).toBe(String(begun));
    now += 60_000;
    await attempt({ kind: 'reached' });
    expect(await since()).toBeNull();
  });
});
