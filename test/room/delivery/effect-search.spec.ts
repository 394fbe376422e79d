import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { leadOwner } from '../../../src/contracts/lead-owner.js';
import type { EffectFilter } from '../../../src/delivery/effect-filter.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { EffectSearch } from '../../../src/delivery/effect-search.js';
import type { LedgerEntry } from '../../../src/delivery/ledger-entry.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from './some-effect.js';

const START = Date.parse('2026-05-04T10:00:00Z');
const INSTANCES = ['123-ABC-456', '789-XYZ-012'];
const WORDS = ['Hello', 'Good BYE', 'nothing'];
const ENDS = ['done', 'skipped', 'failed', 'waiting', 'unknown'] as const;
/** How many change in the same millisecond. */
const TOGETHER = 260;

describe('EffectSearch', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let ledger: EffectLedger;
  let search: EffectSearch;
  let raw: Redis;
  let all: LedgerEntry[];
  let now = START;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    ledger = new EffectLedger(connections);
    search = new EffectSearch(connections);
    raw = connections.forWorkers();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
    await fill(550);
    clock.mockRestore();
  });
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });

  async function fill(count: number): Promise<void> {
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) {
      if (i % TOGETHER === 0) now += 1_000;
      const instance = INSTANCES[i % 2] ?? '';
      const effect = someEffect({
        ruleId: i % 3 === 0 ? 'leads/x' : `audit/${i % 5}`,
        eventId: `${instance}:activity-${i % 50}`,
        to: i % 4 === 0 ? 'ops' : 'crm',
        params: { text: WORDS[i % WORDS.length] ?? '' },
        people: [leadOwner(instance, String(i % 7))],
      });
      ids.push(effect.id);
      await ledger.claim(effect, { token: 't', leaseMs: 60_000 });
      await ledger.settle(effect, 't', ending(ENDS[i % ENDS.length] ?? 'done', `said ${i % 11}`));
    }
    const entries = await Promise.all(ids.map((id) => ledger.get(id)));
    all = entries
      .flatMap((entry) => entry ?? [])
      .sort((a, b) => b.at.localeCompare(a.at) || (a.id < b.id ? 1 : -1));
  }

  /** All pages of a search. */
  async function everything(filter: EffectFilter, limit: number): Promise<string[]> {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search.search(filter, limit, cursor);
      found.push(...page.entries.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found;
  }

  const filters: fc.Arbitrary<EffectFilter> = fc.record(
    {
      rule: fc.constantFrom('leads/x', 'audit/*', 'audit/1', '*', 'nobody'),
      to: fc.constantFrom('ops', 'crm'),
      event: fc.constantFrom('123-ABC-456:activity-4', '789-XYZ-012:activity-5'),
      lead: fc.constantFrom('3', '123-ABC-456/3', '789-xyz-012/5', '99'),
      outcome: fc.constantFrom(...ENDS, 'held' as const),
      since: fc.constantFrom(START, START + 2_000, START + 3_000),
      until: fc.constantFrom(START + 1_000, START + 2_500, START + 90_000),
      text: fc.constantFrom('hello', 'BYE', 'said 7', 'absent'),
    },
    { requiredKeys: [] },
  );

  it('finds what going through all of them finds, newest first, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(1_000, 90, 25), async (filter, limit) => {
        const wanted = all.filter((entry) => isWanted(entry, filter)).map(({ id }) => id);
        expect(await everything(filter, limit)).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });

  it('passes over what has gone meanwhile', async () => {
    const { entries, cursor } = await search.search({}, 10);
    await ledger.forgetTexts(all.slice(8, 14).map(({ id }) => id));
    const next = await search.search({}, 10, cursor);
    expect(entries.map(({ id }) => id)).toEqual(all.slice(0, 10).map(({ id }) => id));
    expect(next.entries.map(({ id }) => id)).toEqual(all.slice(14, 24).map(({ id }) => id));
    await raw.del(`{signalman}:effect:${all[24]?.id ?? ''}`);
    expect((await search.search({}, 10, next.cursor)).entries[0]?.id).toBe(all[25]?.id);
  });
});

/** As one would say it. */
function isWanted({ effect, standing, at, reason = '', log }: LedgerEntry, filter: EffectFilter): boolean {
  const { rule, to, event, lead, outcome, since, until, text } = filter;
  const time = Date.parse(at);
  const [instance] = effect.eventId.split(':');
  const [id = '', of = instance] = (lead ?? '').split('/').reverse();
  return [
    rule === undefined || new RegExp(`^${rule.replace('*', '.*')}$`).test(effect.ruleId),
    to === undefined || effect.to === to,
    event === undefined || effect.eventId === event,
    lead === undefined || (effect.people ?? []).includes(leadOwner(of, id)),
    outcome === undefined || standing === outcome,
    since === undefined || time >= since,
    until === undefined || time <= until,
    text === undefined || JSON.stringify([effect, reason, log]).toLowerCase().includes(text.toLowerCase()),
  ].every(Boolean);
}
