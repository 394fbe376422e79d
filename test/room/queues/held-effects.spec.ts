import fc from 'fast-check';
import type { Redis } from 'ioredis';
import type { Holding } from '../../../src/contracts/flow.js';
import type { HeldEffect, HeldFiring, HeldRule } from '../../../src/contracts/held.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { type DecisionNote, HeldDecisions } from '../../../src/queues/held-decisions.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { HeldReports } from '../../../src/queues/held-reports.js';
import { HeldRules } from '../../../src/queues/held-rules.js';
import { HOLDINGS_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { effectFor, firingsOf, namesFrom, RULE_ID } from '../../support/held-firings.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const HOLDING: Holding = { id: 'h1', reason: 'more than 1 firing in 1h', since: 1_790_000_000_000 };
const BY = { ruleId: RULE_ID, by: 'cli:ann', at: 1_790_000_100_000 };

describe('held effects', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let effects: HeldEffects;
  let rules: HeldRules;

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    effects = new HeldEffects(connections);
    rules = new HeldRules(connections);
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
    await redis.hset(HOLDINGS_KEY, RULE_ID, JSON.stringify(HOLDING));
  });

  const hold = (names: readonly string[]): Promise<void> => effects.add(firingsOf(HOLDING, names));
  const heldIn = async (holdingId: string): Promise<string[]> => {
    const names: string[] = [];
    for await (const page of effects.pages(holdingId))
      names.push(...page.map(({ effect }) => effect.eventId));
    return names;
  };

  /** Every third is about the same lead, who is told of with his neighbour; every second goes elsewhere. */
  const sharingLeads = (names: readonly string[]): HeldFiring[] =>
    names.map((name) => {
      const lead = Number(name) % 3;
      const to = Number(name) % 2 === 0 ? 'crm' : 'ops';
      const held = { effect: effectFor(name, { to }), leads: [`x/${lead}`, `x/${lead + 1}`] };
      return { ruleId: RULE_ID, holding: HOLDING, began: false, effects: [held] };
    });
  /** What the counts must come to, by reading everything. */
  const counted = async (holdingId: string): Promise<Awaited<ReturnType<HeldEffects['counts']>>> => {
    const all: HeldEffect[] = [];
    for await (const page of effects.pages(holdingId)) all.push(...page);
    const { kinds } = await effects.counts(holdingId);
    return {
      effects: all.length,
      leads: new Set(all.flatMap(({ leads }) => leads)).size,
      kinds: kinds.map(({ type, to }) => ({
        ...{ type, to },
        effects: all.filter(({ effect }) => effect.type === type && effect.to === to).length,
      })),
    };
  };

  it('stay in their order, each once, however often they come', async () => {
    await hold(namesFrom(0, 1_200));
    await hold(namesFrom(1_100, 1_300));
    expect(await heldIn('h1')).toEqual(namesFrom(0, 1_300));
    expect(await effects.count('h1')).toBe(1_300);
  });

  it('are told of: how many, for whom, by what, with samples', async () => {
    await hold(namesFrom(0, 5));
    const text = `${'a long text '.repeat(20)}\n`;
    const slack = effectFor('0', { id: 'e1', type: 'slack', to: 'ops', params: { to: 'ops', text } });
    const firing = { ruleId: RULE_ID, holding: HOLDING, began: false };
    await effects.add([{ ...firing, effects: [{ effect: slack, leads: ['x/0'] }] }]);
    const held = (await rules.find(RULE_ID)) as HeldRule;
    const report = await new HeldReports(rules, effects).of(held);
    expect(report).toMatchObject({
      ruleId: RULE_ID,
      reason: HOLDING.reason,
      since: new Date(HOLDING.since).toISOString(),
      effects: 6,
      leads: 6,
      kinds: [
        { type: 'webhook', to: 'crm', effects: 5 },
        { type: 'slack', to: 'ops', effects: 1 },
      ],
    });
    expect(report.samples).toHaveLength(3);
    expect(report.samples[0]).toMatchObject({ leads: ['123-ABC-456/0'], text: '{"body":"about 0"}' });
    expect((await effects.leads(held.id, 10)).leads).toHaveLength(6);
  });

  it('tell of their leads a page at a time, each once, in the order in which they came', async () => {
    await effects.add(sharingLeads(namesFrom(0, 9)));
    const first = await effects.leads('h1', 3);
    expect(first.leads).toEqual(['x/0', 'x/1', 'x/2']);
    expect(await effects.leads('h1', 3, first.cursor)).toEqual({ leads: ['x/3'] });
    expect(await effects.leads('h1', 4, first.cursor)).toEqual({ leads: ['x/3'] });
    await effects.letGo(
      'h1',
      ['0', '3', '6'].map((name) => effectFor(name).id),
    );
    expect(await effects.leads('h1', 9)).toEqual({ leads: ['x/1', 'x/2', 'x/3'] });
  });

  it('may be about events that are nested more deeply than a script can read', async () => {
    const body = JSON.parse('['.repeat(2_000) + ']'.repeat(2_000)) as JsonObject;
    const held = { effect: effectFor('deep', { params: { body } }), leads: ['x/1'] };
    await effects.add([{ ruleId: RULE_ID, holding: HOLDING, began: false, effects: [held] }]);
    expect(await effects.first('h1')).toEqual([held]);
    expect((await rules.decide({ ...BY, decision: 'discard' }))?.effects).toBe(1);
  });

  it('are decided about once, and the limit counts anew', async () => {
    await hold(['a', 'b']);
    await redis.zadd(`{signalman}:limit:firings:${RULE_ID}`, 1, 'a');
    const decided = await rules.decide({ ...BY, decision: 'release' });
    expect(decided).toEqual({ ...HOLDING, ...BY, decision: 'release', effects: 2 });
    expect(await rules.decide({ ...BY, decision: 'discard' })).toBeUndefined();
    expect(await rules.list()).toEqual([]);
    expect(await rules.decided()).toEqual([decided]);
    expect(await redis.keys('*limit*')).toEqual([]);
    expect(await heldIn('h1')).toEqual(['a', 'b']);
  });

  it('are not decided about when that cannot be written down first', async () => {
    await hold(['a', 'b']);
    const decisions = new HeldDecisions(rules, effects);
    const wish = { ruleId: RULE_ID, decision: 'release', by: BY.by } as const;
    const lines: DecisionNote[] = [];
    const full = async (line: DecisionNote): Promise<void> => {
      lines.push(line);
      expect(await rules.find(RULE_ID)).toBeDefined();
      throw new Error('no room');
    };
    await expect(decisions.decide(wish, full)).rejects.toThrow('no room');
    expect(lines).toEqual([
      { what: 'held.released', target: RULE_ID, detail: `2 effects: ${HOLDING.reason}` },
    ]);
    expect(await rules.find(RULE_ID)).toMatchObject({ id: 'h1' });
    await expect(decisions.decide({ ...wish, ruleId: 'x' }, full)).rejects.toMatchObject({
      code: 'held.none',
    });
  });

  it('go the way of the others when they come after the decision, and once', async () => {
    await hold(['a']);
    await rules.decide({ ...BY, decision: 'discard' });
    await hold(['a', 'b']);
    expect(await rules.list()).toEqual([]);
    expect(await heldIn('h1')).toEqual(['a', 'b']);
    await effects.letGo('h1', [effectFor('a').id, effectFor('b').id]);
    await hold(['a', 'b']);
    expect(await heldIn('h1')).toEqual([]);
  });

  it('are held with those of now when nobody knows their holding any more', async () => {
    const old = firingsOf({ ...HOLDING, id: 'h0' }, ['old']);
    await effects.add(old);
    expect(await heldIn('h1')).toEqual(['old']);
    await redis.hdel(HOLDINGS_KEY, RULE_ID);
    await effects.add(firingsOf({ ...HOLDING, id: 'h2' }, ['new']));
    expect(await rules.list()).toEqual([{ ...HOLDING, id: 'h2', ruleId: RULE_ID }]);
    expect(await heldIn('h2')).toEqual(['new']);
  });

  it('can be released a few at a time, while the rule stays held', async () => {
    await hold(namesFrom(0, 10));
    const first = await rules.decideFirst({ ...BY, decision: 'release' }, 3);
    const second = await rules.decideFirst({ ...BY, decision: 'release' }, 2);
    expect(await heldIn(first?.id ?? '')).toEqual(namesFrom(0, 3));
    expect(await heldIn(second?.id ?? '')).toEqual(namesFrom(3, 5));
    await hold(namesFrom(0, 12));
    expect(await heldIn('h1')).toEqual(namesFrom(5, 12));
    expect(await rules.find(RULE_ID)).toMatchObject({ id: 'h1' });
    expect(await rules.decided()).toHaveLength(2);
    expect(await rules.decideFirst({ ...BY, ruleId: 'another', decision: 'release' }, 3)).toBeUndefined();
  });

  it('are each in one place, or were, whatever is done in whatever order', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('hold' as const), from: fc.nat(20), size: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ do: fc.constant('first' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('go' as const), which: fc.nat(5) }),
      fc.record({ do: fc.constant('decide' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        await redis.flushall();
        await redis.hset(HOLDINGS_KEY, RULE_ID, JSON.stringify(HOLDING));
        const ever = new Set<string>();
        const gone: string[] = [];
        for (const one of steps) {
          if (one.do === 'hold') {
            const names = namesFrom(one.from, one.from + one.size);
            for (const name of names) ever.add(name);
            await effects.add(sharingLeads(names));
          } else if (one.do === 'first') await rules.decideFirst({ ...BY, decision: 'release' }, one.count);
          else if (one.do === 'decide') await rules.decide({ ...BY, decision: 'release' });
          else {
            const decided = await rules.decided();
            const { id } = decided[one.which % Math.max(1, decided.length)] ?? { id: '' };
            const some = await effects.first(id, 2);
            await effects.letGo(
              id,
              some.map(({ effect }) => effect.id),
            );
            gone.push(...some.map(({ effect }) => effect.eventId));
          }
        }
        const places = ['h1', ...(await rules.decided()).map(({ id }) => id)];
        const held = (await Promise.all([...new Set(places)].map(heldIn))).flat();
        expect([...held, ...gone].sort()).toEqual([...ever].sort());
        for (const place of new Set(places))
          expect(await effects.counts(place)).toEqual(await counted(place));
      }),
      { numRuns: 50 },
    );
  });
});
