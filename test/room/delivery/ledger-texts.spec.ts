import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import type { AttemptRecord } from '../../../src/contracts/attempt.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { EffectSearch } from '../../../src/delivery/effect-search.js';
import type { Settlement } from '../../../src/delivery/ledger-terms.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from './some-effect.js';

const LEASE = 60_000;
const DAY = 24 * 3_600_000;
const BYTES = '{signalman}:effects:bytes';

describe('what the ledger keeps for people', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let raw: Redis;
  let search: EffectSearch;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    raw = connections.forWorkers();
    search = new EffectSearch(connections);
  });
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await raw.flushall();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function attempt(
    ledger: EffectLedger,
    effect: Effect,
    state: Settlement,
    record: Partial<AttemptRecord> = {},
  ): Promise<void> {
    await ledger.claim(effect, { token: 't', leaseMs: LEASE });
    const { record: plain, ...end } = ending(state);
    if (plain !== undefined) await ledger.settle(effect, 't', { ...end, record: { ...plain, ...record } });
  }
  const request = (body: string): Partial<AttemptRecord> => ({
    request: { method: 'POST', target: 'https://crm.acme.example/', body },
    answer: { status: 503, text: 'busy' },
  });
  const listed = async (): Promise<string[]> => (await search.search({}, 1_000)).entries.map(({ id }) => id);

  it('is every attempt with what was sent and answered, the last one in full', async () => {
    const ledger = new EffectLedger(connections);
    const effect = someEffect();
    const long = 'ü'.repeat(10_000);
    for (const state of ['waiting', 'uncertain', 'done'] as const)
      await attempt(ledger, effect, state, request(long));
    const entry = await ledger.get(effect.id);
    expect(entry).toMatchObject({ standing: 'done', attempts: 3, effect });
    expect(entry?.log.map(({ outcome }) => outcome)).toEqual(['failed', 'uncertain', 'done']);
    expect(entry?.log.map((record) => record.request?.body?.length)).toEqual([2_048, 2_048, 10_000]);
    expect(entry?.log[2]).toMatchObject(request(long));
  });

  it('is the first five and the last fifteen of many attempts', async () => {
    const ledger = new EffectLedger(connections);
    const effect = someEffect();
    for (let i = 1; i <= 30; i += 1) await attempt(ledger, effect, 'waiting', { reason: String(i) });
    const { log = [], attempts } = (await ledger.get(effect.id)) ?? {};
    const last = Array.from({ length: 15 }, (_, i) => String(16 + i));
    expect(log.map(({ reason }) => reason)).toEqual(['1', '2', '3', '4', '5', ...last]);
    expect(attempts).toBe(30);
  });

  it('counts no attempt where nothing was attempted', async () => {
    const ledger = new EffectLedger(connections);
    const effect = someEffect();
    await ledger.claim(effect, { token: 't', leaseMs: LEASE });
    const { state, reason, sign } = ending('waiting', 'effect.exclusive: another');
    await ledger.settle(effect, 't', { state, reason, sign });
    expect(await ledger.get(effect.id)).toMatchObject({ attempts: 0, log: [] });
  });

  it('leaves large parameters out, and never half of a character', async () => {
    const ledger = new EffectLedger(connections);
    const effect = someEffect({ params: { text: 'x'.repeat(3_000_000) } });
    await attempt(ledger, effect, 'done', request(`${'x'.repeat(16_383)}😀`));
    const entry = await ledger.get(effect.id);
    expect(entry?.effect).toMatchObject({ id: effect.id, params: { omitted: '3000022 characters' } });
    expect(entry?.log[0]?.request?.body).toBe('x'.repeat(16_383));
  });

  it.each([
    ['many', { effects: 10, bytes: Infinity }],
    ['large', { effects: 1_000, bytes: 60_000 }],
  ])('lets the oldest go when they are too %s, and still sends nothing twice', async (_, limits) => {
    const ledger = new EffectLedger(connections, limits);
    const effects = Array.from({ length: 30 }, () => someEffect({ params: { text: 'x'.repeat(5_000) } }));
    const [dead, held] = [someEffect(), someEffect()];
    await ledger.giveUp(dead, 'http.400: no');
    await ledger.hold(held, 'limit');
    // Each in a millisecond of its own: within one the order is by id.
    let now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    for (const effect of effects) {
      now += 1;
      await attempt(ledger, effect, 'done');
    }
    const kept = await listed();
    expect(kept.length).toBeLessThanOrEqual(13);
    expect(kept.slice(0, 5)).toEqual(
      effects
        .slice(-5)
        .reverse()
        .map(({ id }) => id),
    );
    expect(kept.slice(-2).sort()).toEqual([dead.id, held.id].sort());
    expect(await ledger.get(effects[0]?.id ?? '')).toBeUndefined();
    for (const effect of effects)
      expect(await ledger.claim(effect, { token: 'again', leaseMs: LEASE })).toEqual({ verdict: 'done' });
  });

  it.each([
    ['many', { effects: 10, bytes: Infinity }],
    ['large', { effects: 1_000, bytes: 60_000 }],
  ])('keeps what was sent however %s the effects are that wait for a person', async (_, limits) => {
    const ledger = new EffectLedger(connections, limits);
    for (let i = 0; i < 30; i += 1)
      await ledger.hold(someEffect({ params: { text: 'x'.repeat(5_000) } }), 'limit');
    const sent = Array.from({ length: 5 }, () => someEffect());
    for (const effect of sent) await attempt(ledger, effect, 'done');
    for (const { id } of sent) expect(await ledger.get(id)).toMatchObject({ standing: 'done' });
  });

  it('lets go of what is older than ten days, but of nothing that waits for a person', async () => {
    const ledger = new EffectLedger(connections);
    const [old, dead, fresh] = [someEffect(), someEffect(), someEffect()];
    await attempt(ledger, old, 'done');
    await ledger.giveUp(dead);
    const later = Date.now() + 11 * DAY;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    await attempt(ledger, fresh, 'done');
    expect(await listed()).toEqual([fresh.id, dead.id]);
  });

  it('knows at any time how much it keeps beside what waits for a person', async () => {
    const states = ['done', 'waiting', 'failed', 'uncertain'] as const;
    const steps = fc.array(
      fc.tuple(fc.nat(5), fc.constantFrom(...states, 'hold', 'suppress', 'forget'), fc.nat(9_000)),
    );
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        await raw.flushall();
        const ledger = new EffectLedger(connections, { effects: 4, bytes: 20_000 });
        const effects = Array.from({ length: 6 }, () => someEffect());
        for (const [index, step, length] of list) {
          const effect = effects[index] ?? someEffect();
          if (step === 'hold') await ledger.hold(effect, 'limit');
          else if (step === 'suppress') await ledger.suppress(effect, 'loop');
          else if (step === 'forget') await ledger.forgetTexts([effect.id]);
          else await attempt(ledger, effect, step, request('x'.repeat(length)));
        }
        const { total = '0', ...each } = await raw.hgetall(BYTES);
        const { entries } = await search.search({}, 1_000);
        const fading = entries.filter(({ standing }) => standing !== 'held' && standing !== 'failed');
        const lengths = await Promise.all(fading.map(({ id }) => textsOf(id)));
        expect(Object.values(each).map(Number).sort()).toEqual(lengths.filter((length) => length > 0).sort());
        expect(Number(total)).toBe(lengths.reduce((sum, length) => sum + length, 0));
        expect(Object.keys(each).sort()).toEqual(fading.map(({ id }) => id).sort());
      }),
      { numRuns: 40 },
    );
  });

  async function textsOf(id: string): Promise<number> {
    const fields = ['effect', 'log', 'last', 'receipt', 'summary'];
    const texts = await raw.hmgetBuffer(`{signalman}:effect:${id}`, ...fields);
    return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  }
});
