import type { Redis } from 'ioredis';
import fc from 'fast-check';
import type { Effect } from '../../../src/contracts/effect.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import type { Claim, Settlement } from '../../../src/delivery/ledger-terms.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from './some-effect.js';

const LEASE = 60_000;
const HOUR = '{signalman}:ledger:2026-05-04T10';
const DAY = 24 * 3_600_000;

describe('EffectLedger', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let ledger: EffectLedger;
  let raw: Redis;
  let effect: Effect;

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
    effect = someEffect();
    await raw.flushall();
  });

  const claim = (token: string, leaseMs = LEASE): Promise<Claim> => ledger.claim(effect, { token, leaseMs });
  /** How many effects of the line ended how; none where a number came back to nothing. */
  async function counts(): Promise<Record<string, number>> {
    const fields = Object.entries(await raw.hgetall(HOUR));
    return Object.fromEntries(
      fields.flatMap(([name, value]) => (value === '0' ? [] : [[name.split('|')[2], Number(value)]])),
    ) as Record<string, number>;
  }
  async function attempt(state: Settlement): Promise<void> {
    await claim(state);
    await ledger.settle(effect, state, ending(state));
  }
  const ttl = (): Promise<number> => raw.pttl(`{signalman}:effect:${effect.id}`);

  it('lets one attempt through and tells the others that it is under way', async () => {
    const claims = await Promise.all(['a', 'b', 'c'].map((token) => claim(token)));
    expect(claims.map(({ verdict }) => verdict).sort()).toEqual(['busy', 'busy', 'go']);
  });

  it.each(['done', 'skipped', 'unknown'] as const)('refuses an effect that is over: %s', async (state) => {
    await attempt(state);
    expect(await claim('b')).toEqual({ verdict: state });
  });

  it.each(['waiting', 'failed'] as const)('lets an effect be tried again that is %s', async (state) => {
    await attempt(state);
    expect(await claim('b')).toEqual({ verdict: 'go' });
  });

  it('calls an attempt interrupted that never reported, once its lease is over', async () => {
    await claim('a', 30);
    const next = await eventually(async () => {
      const again = await claim('b');
      return again.verdict === 'busy' ? undefined : again;
    });
    expect(next.verdict).toBe('interrupted');
    expect(await ledger.get(effect.id)).toMatchObject({
      standing: 'sending',
      attempts: 2,
      log: [{ outcome: 'interrupted', at: expect.stringMatching(/^20\d\d-.*Z$/) as string }],
    });
  });

  it('goes on with an attempt that an earlier version began, and that says no time', async () => {
    await raw.hset(`{signalman}:effect:${effect.id}`, { state: 'sending', token: 'old', lease: 1 });
    expect((await claim('new')).verdict).toBe('interrupted');
  });

  it('does not let a late report of the old attempt end the new one', async () => {
    await claim('old', 1);
    await eventually(async () => (await claim('new')).verdict === 'interrupted');
    await ledger.settle(effect, 'old', ending('failed'));
    expect(await counts()).toEqual({});
    expect((await claim('third')).verdict).toBe('busy');
    await ledger.settle(effect, 'new', ending('done'));
    expect((await claim('third')).verdict).toBe('done');
  });

  it('keeps the plan of a write that may have been made, so that its repeat writes the same', async () => {
    await claim('a');
    await ledger.keepPlan(effect.id, { score: 50 });
    await ledger.settle(effect, 'a', ending('uncertain'));
    expect(await claim('b')).toEqual({ verdict: 'interrupted', plan: { score: 50 } });
  });

  it('forgets the plan of a write that was not made: what it was read from may change', async () => {
    await claim('a');
    await ledger.keepPlan(effect.id, { score: 50 });
    await ledger.settle(effect, 'a', ending('waiting'));
    expect(await claim('b')).toEqual({ verdict: 'go' });
  });

  it('remembers longer than any redelivery, and not for ever, unless a person has to decide', async () => {
    await claim('a');
    expect(await ttl()).toBeGreaterThan(8 * DAY);
    await ledger.settle(effect, 'a', ending('failed'));
    expect(await ttl()).toBe(-1);
    await attempt('done');
    expect(await ttl()).toBeGreaterThan(8 * DAY);
    effect = someEffect();
    await ledger.hold(effect, 'limit: 100 an hour');
    expect(await ttl()).toBe(-1);
  });

  it.each([
    ['done', 'done'],
    ['skipped', 'done'],
    ['unknown', 'unknown'],
    ['failed', 'failed'],
  ] as const)('counts an effect that is over once: %s', async (state, counted) => {
    await attempt('waiting');
    expect(await counts()).toEqual({});
    await attempt(state);
    if (state === 'failed') await ledger.giveUp(effect);
    expect(await counts()).toEqual({ [counted]: 1 });
    expect(await raw.ttl(HOUR)).toBeGreaterThan(39 * 24 * 3_600);
  });

  it('moves the count of a dead letter that is replayed and done', async () => {
    await attempt('failed');
    await ledger.giveUp(effect);
    await attempt('waiting');
    expect(await counts()).toEqual({});
    await attempt('done');
    expect(await counts()).toEqual({ done: 1 });
  });

  it('counts a dead letter as failed that no attempt settled so, however often it is given up', async () => {
    await ledger.giveUp(effect, 'connection.missing: gone');
    await ledger.giveUp(effect);
    expect(await counts()).toEqual({ failed: 1 });
    expect(await ledger.get(effect.id)).toMatchObject({
      standing: 'failed',
      reason: 'connection.missing: gone',
      effect,
    });
    expect((await claim('a')).verdict).toBe('go');
    await ledger.settle(effect, 'a', ending('uncertain'));
    await ledger.giveUp(effect);
    expect(await counts()).toEqual({ failed: 1 });
    expect((await ledger.get(effect.id))?.standing).toBe('failed');
    expect((await claim('b')).verdict).toBe('interrupted');
  });

  it('takes no effect for failed that is done, though its job died after it', async () => {
    await attempt('done');
    await ledger.giveUp(effect);
    expect(await counts()).toEqual({ done: 1 });
  });

  it('holds an effect until it is released, and then sends it whole', async () => {
    effect = someEffect({ params: { text: 'x'.repeat(20_000) } });
    expect([await ledger.hold(effect, 'limit'), await ledger.hold(effect, 'limit')]).toEqual([true, true]);
    expect(await counts()).toEqual({ held: 1 });
    expect(await claim('a')).toEqual({ verdict: 'held' });
    expect((await ledger.get(effect.id))?.effect).toEqual(effect);
    expect([await ledger.release(effect), await ledger.release(effect)]).toEqual([true, true]);
    expect(await ledger.hold(effect, 'limit')).toBe(false);
    expect(await counts()).toEqual({});
    await attempt('done');
    expect(await ledger.release(effect)).toBe(false);
    expect(await counts()).toEqual({ done: 1 });
  });

  it('suppresses what was not sent, for good', async () => {
    await ledger.hold(effect, 'limit');
    expect([await ledger.suppress(effect, 'discarded'), await ledger.suppress(effect, 'loop')]).toEqual([
      true,
      true,
    ]);
    expect(await ledger.get(effect.id)).toMatchObject({ standing: 'suppressed', reason: 'discarded' });
    expect(await ledger.release(effect)).toBe(false);
    expect(await claim('a')).toEqual({ verdict: 'suppressed' });
    expect(await counts()).toEqual({ suppressed: 1 });
  });

  it.each(['done', 'uncertain', 'unknown'] as const)('suppresses nothing that is %s', async (state) => {
    await attempt(state);
    expect(await ledger.suppress(effect, 'too late')).toBe(false);
    expect((await ledger.get(effect.id))?.standing).toBe(state);
  });

  it('notes that what was done was taken back, and by whom', async () => {
    expect(await ledger.markUndone(effect.id, 'cli:ada')).toBe(false);
    await attempt('done');
    expect([
      await ledger.markUndone(effect.id, 'cli:ada'),
      await ledger.markUndone(effect.id, 'cli:bob'),
    ]).toEqual([true, true]);
    expect(await ledger.get(effect.id)).toMatchObject({ standing: 'undone', undoneBy: 'cli:ada' });
    expect(await claim('b')).toEqual({ verdict: 'undone' });
    expect(await counts()).toEqual({ done: 1 });
  });

  it('agrees with what became of each effect, in any order of attempts, ends, decisions and replays', async () => {
    const ends = ['done', 'skipped', 'unknown', 'failed', 'waiting', 'uncertain'] as const;
    const step = fc.constantFrom(...ends, 'give up', 'hold', 'release', 'suppress', 'undo');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await raw.flushall();
        let expected: Standing = {};
        for (const name of steps) {
          expected = after(expected, name);
          if (name === 'give up') await ledger.giveUp(effect);
          else if (name === 'hold') await ledger.hold(effect, 'limit');
          else if (name === 'release') await ledger.release(effect);
          else if (name === 'suppress') await ledger.suppress(effect, 'loop');
          else if (name === 'undo') await ledger.markUndone(effect.id, 'ada');
          else await attempt(name);
        }
        const { state, counted } = expected;
        expect(await counts()).toEqual(counted === undefined ? {} : { [counted]: 1 });
        const standing = counted === 'failed' ? 'failed' : state;
        expect((await ledger.get(effect.id))?.standing).toBe(standing);
      }),
      { numRuns: 100 },
    );
  });
});

interface Standing {
  readonly state?: string;
  readonly counted?: string;
}

/** What the ledger should have of the effect after the step, told without it. */
function after(before: Standing, step: string): Standing {
  const { state } = before;
  const isOver = ['done', 'skipped', 'unknown', 'suppressed', 'undone'].includes(state ?? '');
  switch (step) {
    case 'give up':
      return isOver ? before : { state: state === 'uncertain' ? state : 'failed', counted: 'failed' };
    case 'hold':
      return state === undefined ? { state: 'held', counted: 'held' } : before;
    case 'release':
      return state === 'held' ? { state: 'waiting' } : before;
    case 'suppress':
      return isOver || state === 'uncertain' ? before : { state: 'suppressed', counted: 'suppressed' };
    case 'undo':
      return state === 'done' || state === 'skipped' ? { state: 'undone', counted: 'done' } : before;
    case 'waiting':
    case 'uncertain':
      return isOver || state === 'held' ? before : { state: step };
    default:
      return isOver || state === 'held'
        ? before
        : { state: step, counted: step === 'skipped' ? 'done' : step };
  }
}
