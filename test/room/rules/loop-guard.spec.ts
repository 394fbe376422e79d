import type { Effect } from '../../../src/contracts/effect.js';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { memoKey } from '../../../src/redis/keys.js';
import type { Judgement } from '../../../src/rules/judge.js';
import type { Rule } from '../../../src/rules/rule.js';
import { eventOf, INSTANCE, TRANSPORTS, type Transport } from './echoes.js';
import { outcomesOf, useJudging } from './judging.js';
import { added, API, KINDS, type Kind } from './kinds-of-writes.js';

const START = Date.parse('2026-05-04T10:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LEAD = 5001;

const FORM = { activityType: 'Fill Out Form', activityTypeId: 2 };

/** A rule that writes what it is told to when a form was filled out, and whenever one of these activities comes. */
function writer(
  id: string,
  on: readonly string[],
  type: string,
  params: JsonObject,
  more: Partial<Rule> = {},
): Rule {
  return {
    ...{ id, version: 'v1', description: 'd', mode: 'live', conditions: { all: [] } },
    on: ['filloutform', ...on].map((name) => `marketo.activity.${name}`),
    actions: [{ type, params, guarantee: 'at-least-once' }],
    ...more,
  };
}

const toList = (id: string, more?: Partial<Rule>): Rule =>
  writer(id, ['addtolist'], 'marketo.addToList', { list: 1001, lead: '{{ leadId }}' }, more);

describe('what we write', () => {
  const used = useJudging();
  let serial = 0;

  function happens(told: Kind, at: number, lead = LEAD, by: Transport = 'adobe'): CanonicalEvent {
    serial += 1;
    return eventOf({ lead, at, guid: `g-${serial}`, ...told }, by);
  }

  /** Judges it and has written, three seconds later, what follows. */
  async function react(event: CanonicalEvent, plan?: JsonObject): Promise<Judgement> {
    const judgement = await used.judging.see(event);
    for (const effect of judgement.effects)
      await used.judging.write(effect, Date.parse(event.time) + 3 * SECOND, plan);
    return judgement;
  }

  const effectIn = ({ effects }: Judgement): Effect => effects[0] as Effect;

  describe.each(TRANSPORTS)('comes back by %s', (transport) => {
    it.each(KINDS)(
      'of $type as $on: not to the rule that wrote it, to others with its cause',
      async ({ type, on, params, told, plan }) => {
        const other: Rule = { ...toList('b/other'), on: [`marketo.activity.${on}`] };
        used.judging.rules = [writer('a/rule', [on], type, params), other];
        const effect = effectIn(await react(happens(FORM, START, LEAD, transport), plan));
        const came = await used.judging.see(happens(told, START + 4 * SECOND, LEAD, transport));
        expect(outcomesOf(came)).toEqual(['a/rule own-write', 'b/other fired']);
        expect(came.decisions[0]?.reason).toBe(`the rule wrote this itself: effect ${effect.id}`);
        expect(effectIn(came).cause).toEqual({
          ...{ via: 'write', ruleId: 'a/rule', eventId: effect.eventId },
          ...{ effectId: effect.id, depth: 1 },
        });
      },
    );
  });

  it('comes back once: the same done again later is somebody else', async () => {
    used.judging.rules = [toList('a/rule')];
    await react(happens(FORM, START));
    const outcomes = [5 * SECOND, 2 * HOUR].map((later) => happens(added(1001), START + later));
    expect(outcomesOf(await used.judging.see(...outcomes))).toEqual(['a/rule own-write', 'a/rule fired']);
  });

  it('comes to an end, though the rule writes a value of its own each time, faster than they come back', async () => {
    const fields = { id: '{{ leadId }}', stage: '{{ event.id }}' };
    used.judging.rules = [
      writer('a/rule', ['changedatavalue'], 'marketo.syncLead', { lookupField: 'id', fields }),
    ];
    const written: unknown[] = [];
    for (let filled = 0; filled < 60; filled += 1) {
      const { effects } = await react(happens(FORM, START + filled));
      written.push(...effects.map(({ params }) => (params['fields'] as JsonObject)['stage']));
    }
    expect(new Set(written).size).toBe(60);
    const told = written.map((stage, index) => {
      const attributes = { 'Attribute Name': 'Stage', 'New Value': stage, ...API } as JsonObject;
      const kind = { activityType: 'Change Data Value', activityTypeId: 13, attributes };
      return happens(kind, START + 5 * SECOND + index);
    });
    expect(outcomesOf(await used.judging.see(...told))).toEqual(told.map(() => 'a/rule own-write'));
  });

  it.each([
    ['another list', happensLater(added(1002)), LEAD],
    ['another lead', happensLater(added(1001)), LEAD + 1],
    ['before we wrote it', { ...added(1001), after: -2 * MINUTE }, LEAD],
    ['long after', { ...added(1001), after: 7 * HOUR }, LEAD],
    [
      'a smart campaign',
      happensLater(added(1001, { members: { primaryAttributeValueId: 1001, campaignId: 4 } })),
      LEAD,
    ],
  ])('is told from %s', async (_, { after, ...told }, lead) => {
    used.judging.rules = [toList('a/rule')];
    await react(happens(FORM, START));
    expect(outcomesOf(await used.judging.see(happens(told, START + after, lead)))).toEqual(['a/rule fired']);
  });

  function happensLater<T>(told: T): T & { readonly after: number } {
    return { ...told, after: 5 * SECOND };
  }

  it.each([
    [
      'a value in another form, of the API',
      { 'Attribute Name': 'Phone Number', 'New Value': '+49 1', ...API },
      'own-write',
    ],
    [
      'a value in another form, of nobody',
      { 'Attribute Name': 'Phone Number', 'New Value': '+49 1' },
      'own-write',
    ],
    [
      'a value in another form, of a form',
      { 'Attribute Name': 'Phone Number', 'New Value': '+49 1', Source: 'Web form fillout' },
      'fired',
    ],
    [
      'a name of its own, of the API',
      { 'Attribute Name': 'Tel. (office)', 'New Value': '0049 1', ...API },
      'own-write',
    ],
    ['a name of its own, of nobody', { 'Attribute Name': 'Tel. (office)', 'New Value': '0049 1' }, 'fired'],
    ['another field and value', { 'Attribute Name': 'City', 'New Value': 'Bonn', ...API }, 'fired'],
  ] as const)('of a field is known by %s', async (_, attributes, outcome) => {
    const params = { lookupField: 'id', fields: { id: '{{ leadId }}', phone: '0049 1' } };
    used.judging.rules = [writer('a/rule', ['changedatavalue'], 'marketo.syncLead', params)];
    await react(happens(FORM, START));
    const told = { activityType: 'Change Data Value', activityTypeId: 13, attributes };
    expect(outcomesOf(await used.judging.see(happens(told, START + 5 * SECOND)))).toEqual([
      `a/rule ${outcome}`,
    ]);
  });

  it('does not make a sequence whole, but ends a wait for nothing to come', async () => {
    const second = {
      on: ['marketo.activity.addtolist'],
      conditions: { all: [] },
      per: ['leadId'],
      withinMs: HOUR,
    };
    const first = { ...toList('a/then'), on: ['marketo.activity.filloutform'] };
    used.judging.rules = [
      { ...first, then: second },
      { ...first, id: 'a/unless', unless: second },
    ];
    const [fill, byHand, again] = [0, MINUTE, 2 * MINUTE].map((later, index) =>
      happens(index === 1 ? added(1001) : FORM, START + later),
    ) as [CanonicalEvent, CanonicalEvent, CanonicalEvent];
    await react(fill);
    expect(outcomesOf(await react(byHand))).toEqual(['a/then fired', 'a/unless followed']);
    await react(again);
    const ours = happens(added(1001), START + MINUTE + 5 * SECOND);
    expect(outcomesOf(await used.judging.see({ ...ours, time: again.time }))).toEqual(['a/unless followed']);
  });

  it('is asked for only where a rule that writes is in force and could be concerned', async () => {
    const emits = { type: 'emit', params: { type: 'acme.x' }, guarantee: 'at-least-once' } as const;
    const isAsked = async (rules: readonly Rule[], event: CanonicalEvent): Promise<number> => {
      used.judging.rules = rules;
      const batch = await used.judging.open();
      await used.judging.run(batch, [event]);
      return await used.redis.client.hexists(memoKey(batch), 'ours');
    };
    const [rule, comesBack] = [toList('a/rule'), happens(added(1001), START)];
    expect(await isAsked([{ ...rule, actions: [emits] }], comesBack)).toBe(0);
    expect(await isAsked([{ ...rule, mode: 'shadow' }], comesBack)).toBe(0);
    expect(await isAsked([{ ...rule, on: ['marketo.activity.newlead'] }], comesBack)).toBe(0);
    expect(await isAsked([rule], happens(FORM, START))).toBe(0);
    expect(await isAsked([rule], comesBack)).toBe(1);
  });

  it('is answered the same when the batch is judged again, whatever was written since', async () => {
    used.judging.rules = [toList('a/rule')];
    const batch = await used.judging.open();
    const events = [happens(added(1001), START)];
    const first = await used.judging.run(batch, events);
    await used.judging.write(effectIn(first), START + 3 * SECOND);
    expect((await used.judging.run(batch, events)).decisions).toEqual(first.decisions);
    const own = [happens(added(1001), START + 5 * SECOND)];
    const second = await used.judging.open();
    expect(outcomesOf(await used.judging.run(second, own))).toEqual(['a/rule own-write']);
    expect(outcomesOf(await used.judging.run(second, own))).toEqual(['a/rule own-write']);
  });

  describe('in a chain', () => {
    /** Every write comes back after five seconds, until nobody writes any more. */
    async function run(rules: readonly Rule[]): Promise<string[]> {
      used.judging.rules = rules;
      const outcomes: string[] = [];
      let event: CanonicalEvent | undefined = happens(FORM, START);
      while (event !== undefined) {
        const judgement: Judgement = await react(event);
        outcomes.push(...outcomesOf(judgement));
        const { params } = judgement.effects[0] ?? {};
        event =
          params === undefined
            ? undefined
            : happens(added(Number(params['list'])), Date.parse(event.time) + 5 * SECOND);
      }
      return outcomes;
    }

    it('may fire its own rule where that says so, eight times at most', async () => {
      const outcomes = await run([toList('a/rule', { reactToOwnWrites: true })]);
      expect(outcomes).toEqual([...Array<string>(8).fill('a/rule fired'), 'a/rule looped']);
    });

    it('ends between two rules that answer each other, and is told', async () => {
      const into = (id: string, list: number, from: number): Rule => ({
        ...writer(id, [], 'marketo.addToList', { list, lead: '{{ leadId }}' }),
        on: ['marketo.activity.addtolist'],
        conditions: {
          all: [{ fact: 'data', path: '$.primaryAttributeValueId', operator: 'equal', value: from }],
        },
      });
      const begins = { ...toList('a/begins'), on: ['marketo.activity.filloutform'] };
      const outcomes = await run([begins, into('b/one', 1002, 1001), into('c/two', 1001, 1002)]);
      expect(outcomes).toHaveLength(9);
      expect(outcomes.slice(-2)).toEqual(['b/one fired', 'c/two looped']);
      const [loop, ...others] = await used.judging.told();
      expect(others).toEqual([]);
      expect(loop).toMatchObject({
        type: 'signalman.loop',
        leadId: String(LEAD),
        munchkinId: INSTANCE,
        data: { with: 'rule', stops: 1, rule: 'c/two', otherRule: 'b/one' },
      });
    });
  });
});
