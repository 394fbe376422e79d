import type { Redis } from 'ioredis';
import fc from 'fast-check';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import type { LedgerLine } from '../../../src/contracts/completeness.js';

const LEASE = 60_000;
const ORIGIN = { hour: '2026-05-04T10', source: 'prod', stream: 'lead-activity' } as const;

describe('EffectLedger', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let ledger: EffectLedger;
  let raw: Redis;
  let id = '';

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
    id = `e${Math.random()}`;
    await raw.flushall();
  });

  const effect = (): { id: string; origin: LedgerLine } => ({ id, origin: ORIGIN });
  /** How many effects of the line ended how; none where a number came back to nothing. */
  async function counts(): Promise<Record<string, number>> {
    const fields = Object.entries(await raw.hgetall('{signalman}:ledger:2026-05-04T10'));
    return Object.fromEntries(
      fields.flatMap(([name, value]) => (value === '0' ? [] : [[name.split('|')[2], Number(value)]])),
    ) as Record<string, number>;
  }
  async function attempt(state: 'done' | 'unknown' | 'failed' | 'waiting' | 'uncertain'): Promise<void> {
    await ledger.claim(id, state, LEASE);
    await ledger.settle(effect(), state, state, '');
  }

  it('lets one attempt through and tells the others that it is under way', async () => {
    const claims = await Promise.all(['a', 'b', 'c'].map((token) => ledger.claim(id, token, LEASE)));
    expect(claims.map(({ verdict }) => verdict).sort()).toEqual(['busy', 'busy', 'go']);
  });

  it.each(['done', 'unknown'] as const)('refuses an effect that is over: %s', async (state) => {
    await ledger.claim(id, 'a', LEASE);
    await ledger.settle(effect(), 'a', state, '200 OK');
    expect(await ledger.claim(id, 'b', LEASE)).toEqual({ verdict: state });
  });

  it.each(['waiting', 'failed'] as const)('lets an effect be tried again that is %s', async (state) => {
    await ledger.claim(id, 'a', LEASE);
    await ledger.settle(effect(), 'a', state, 'http.503: busy');
    expect(await ledger.claim(id, 'b', LEASE)).toEqual({ verdict: 'go' });
  });

  it('calls an attempt interrupted that never reported, once its lease is over', async () => {
    await ledger.claim(id, 'a', 30);
    const next = await eventually(async () => {
      const claim = await ledger.claim(id, 'b', LEASE);
      return claim.verdict === 'busy' ? undefined : claim;
    });
    expect(next.verdict).toBe('interrupted');
  });

  it('does not let a late report of the old attempt end the new one', async () => {
    await ledger.claim(id, 'old', 1);
    await eventually(async () => (await ledger.claim(id, 'new', LEASE)).verdict === 'interrupted');
    await ledger.settle(effect(), 'old', 'failed', 'too late');
    expect((await ledger.claim(id, 'third', LEASE)).verdict).toBe('busy');
    await ledger.settle(effect(), 'new', 'done', 'ok');
    expect((await ledger.claim(id, 'third', LEASE)).verdict).toBe('done');
  });

  it('keeps the plan of a write that may have been made, so that its repeat writes the same', async () => {
    await ledger.claim(id, 'a', LEASE);
    await ledger.keepPlan(id, { score: 50 });
    await ledger.settle(effect(), 'a', 'uncertain', 'lost connection');
    expect(await ledger.claim(id, 'b', LEASE)).toEqual({ verdict: 'interrupted', plan: { score: 50 } });
  });

  it('forgets the plan of a write that was not made: what it was read from may change', async () => {
    await ledger.claim(id, 'a', LEASE);
    await ledger.keepPlan(id, { score: 50 });
    await ledger.settle(effect(), 'a', 'waiting', 'marketo.606');
    expect(await ledger.claim(id, 'b', LEASE)).toEqual({ verdict: 'go' });
  });

  it('remembers longer than any redelivery, and not for ever', async () => {
    await ledger.claim(id, 'a', LEASE);
    const left = await raw.pttl(`{signalman}:effect:${id}`);
    expect(left).toBeGreaterThan(8 * 24 * 3_600_000);
  });

  it.each(['done', 'unknown', 'failed'] as const)('counts an effect that is over once: %s', async (state) => {
    await attempt('waiting');
    expect(await counts()).toEqual({});
    await attempt(state);
    if (state === 'failed') await ledger.giveUp(effect());
    expect(await counts()).toEqual({ [state]: 1 });
    expect(await raw.ttl('{signalman}:ledger:2026-05-04T10')).toBeGreaterThan(39 * 24 * 3_600);
  });

  it('moves the count of a dead letter that is replayed and done', async () => {
    await attempt('failed');
    await ledger.giveUp(effect());
    await attempt('waiting');
    expect(await counts()).toEqual({});
    await attempt('done');
    expect(await counts()).toEqual({ done: 1 });
  });

  it('counts a dead letter as failed that no attempt settled so, however often it is given up', async () => {
    await ledger.giveUp(effect());
    await ledger.giveUp(effect());
    expect(await counts()).toEqual({ failed: 1 });
    expect((await ledger.claim(id, 'a', LEASE)).verdict).toBe('go');
    await ledger.settle(effect(), 'a', 'uncertain', 'lost connection');
    await ledger.giveUp(effect());
    expect(await counts()).toEqual({ failed: 1 });
    expect((await ledger.claim(id, 'b', LEASE)).verdict).toBe('interrupted');
  });

  it('takes no effect for failed that is done, though its job died after it', async () => {
    await attempt('done');
    await ledger.giveUp(effect());
    expect(await counts()).toEqual({ done: 1 });
  });

  it('does not count the late report of an attempt that another took over', async () => {
    await ledger.claim(id, 'old', 1);
    await eventually(async () => (await ledger.claim(id, 'new', LEASE)).verdict === 'interrupted');
    await ledger.settle(effect(), 'old', 'failed', 'too late');
    expect(await counts()).toEqual({});
  });

  it('agrees with what became of each effect, in any order of attempts, ends and replays', async () => {
    const step = fc.constantFrom('done', 'unknown', 'failed', 'waiting', 'uncertain', 'give up');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await raw.flushall();
        let expected: string | undefined;
        for (const name of steps) {
          const over = expected === 'done' || expected === 'unknown';
          if (name === 'give up') await ledger.giveUp(effect());
          else await attempt(name);
          if (!over) expected = endOf(name);
        }
        expect(await counts()).toEqual(expected === undefined ? {} : { [expected]: 1 });
      }),
      { numRuns: 60 },
    );
  });
});

function endOf(step: string): string | undefined {
  if (step === 'give up') return 'failed';
  return step === 'waiting' || step === 'uncertain' ? undefined : step;
}
