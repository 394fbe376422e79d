import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const LEASE = 60_000;

describe('EffectLedger', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let ledger: EffectLedger;
  let id = '';

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    ledger = new EffectLedger(connections);
  });
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });
  beforeEach(() => {
    id = `e${Math.random()}`;
  });

  it('lets one attempt through and tells the others that it is under way', async () => {
    const claims = await Promise.all(['a', 'b', 'c'].map((token) => ledger.claim(id, token, LEASE)));
    expect(claims.map(({ verdict }) => verdict).sort()).toEqual(['busy', 'busy', 'go']);
  });

  it.each(['done', 'unknown'] as const)('refuses an effect that is over: %s', async (state) => {
    await ledger.claim(id, 'a', LEASE);
    await ledger.settle(id, 'a', state, '200 OK');
    expect(await ledger.claim(id, 'b', LEASE)).toEqual({ verdict: state });
  });

  it.each(['waiting', 'failed'] as const)('lets an effect be tried again that is %s', async (state) => {
    await ledger.claim(id, 'a', LEASE);
    await ledger.settle(id, 'a', state, 'http.503: busy');
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
    await ledger.settle(id, 'old', 'failed', 'too late');
    expect((await ledger.claim(id, 'third', LEASE)).verdict).toBe('busy');
    await ledger.settle(id, 'new', 'done', 'ok');
    expect((await ledger.claim(id, 'third', LEASE)).verdict).toBe('done');
  });

  it('keeps the plan of a write that may have been made, so that its repeat writes the same', async () => {
    await ledger.claim(id, 'a', LEASE);
    await ledger.keepPlan(id, { score: 50 });
    await ledger.settle(id, 'a', 'uncertain', 'lost connection');
    expect(await ledger.claim(id, 'b', LEASE)).toEqual({ verdict: 'interrupted', plan: { score: 50 } });
  });

  it('forgets the plan of a write that was not made: what it was read from may change', async () => {
    await ledger.claim(id, 'a', LEASE);
    await ledger.keepPlan(id, { score: 50 });
    await ledger.settle(id, 'a', 'waiting', 'marketo.606');
    expect(await ledger.claim(id, 'b', LEASE)).toEqual({ verdict: 'go' });
  });

  it('remembers longer than any redelivery, and not for ever', async () => {
    await ledger.claim(id, 'a', LEASE);
    const left = await connections.forWorkers().pttl(`signalman:effect:${id}`);
    expect(left).toBeGreaterThan(8 * 24 * 3_600_000);
  });
});
