import { checkRule } from '../loading/check-rule.js';
import { compileRuleSet } from '../engine/rule-set.js';
import type { GivenFacts } from '../engine/facts.js';
import type { Rule, RuleSources } from '../rule.js';
import { runTrial } from './run-trial.js';
import { completeEvents, type ShortEvent } from './short-event.js';

const CONTEXT = {
  destinations: { ops: 'slack' },
  conditions: new Set(['often']),
  factNames: new Map([['often', ['visits']]]),
  lists: new Map(),
  ruleIds: new Set(['a', 'b']),
} as const;

function ruleOf(id: string, source: object): Rule {
  const text = JSON.stringify({
    description: 'A rule.',
    on: 'marketo.activity.clicklink',
    actions: [{ type: 'slack', params: { to: 'ops', text: id } }],
    ...source,
  });
  const { rule, problems } = checkRule({ file: `rules/${id}.json`, id, text }, CONTEXT);
  if (rule === undefined) throw new Error(JSON.stringify(problems));
  return rule;
}

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString();
const click = (minute: number, more: Partial<ShortEvent> = {}): ShortEvent => ({
  type: 'marketo.activity.clicklink',
  leadId: '7',
  time: at(minute),
  ...more,
});
const open = (minute: number, more: Partial<ShortEvent> = {}): ShortEvent =>
  click(minute, { type: 'marketo.activity.openemail', ...more });

/** `<rule> <outcome> <event>`, with the text of what fires. */
async function told(
  rules: readonly Rule[],
  events: readonly ShortEvent[],
  { conditions = {}, given }: { conditions?: RuleSources['conditions']; given?: GivenFacts } = {},
): Promise<string[]> {
  const ruleSet = compileRuleSet({ rules, conditions, lists: {} });
  const { outcomes } = await runTrial(ruleSet, completeEvents(events), given);
  return outcomes.map(({ rule, outcome, eventId, effects }) => {
    const texts = effects.map(({ params }) => String(params['text']));
    return [rule.id, outcome, eventId.replace('event-', ''), ...texts].join(' ');
  });
}

const condition = (fact: string, params: object, operator: string, value: unknown) => ({
  conditions: { all: [{ fact, params, operator, value }] },
});

describe('rules that remember', () => {
  it('count the events of a lead within a window', async () => {
    const rule = ruleOf('a', condition('count', { per: 'leadId', within: '10m' }, 'greaterThanInclusive', 3));
    const events = [click(0), click(1, { leadId: '8' }), click(5), click(9), click(10), click(30)];
    expect(await told([rule], events)).toEqual(['a fired 4 a', 'a fired 5 a']);
  });

  it('know the value before, and whether it changed', async () => {
    const of = { of: 'data.page', per: 'leadId' };
    const rule = ruleOf('a', {
      conditions: { all: [{ fact: 'changed', params: of, operator: 'equal', value: true }] },
      actions: [{ type: 'slack', params: { to: 'ops', text: 'another: {{ facts.changed }}' } }],
    });
    const naming = ruleOf('b', {
      conditions: {
        all: [{ fact: 'previous', params: of, operator: 'equal', value: 'x', name: 'before' }],
      },
      actions: [{ type: 'slack', params: { to: 'ops', text: 'before {{ facts.before }}' } }],
    });
    const pages = ['x', 'x', 'y'].map((page, minute) => click(minute, { data: { page } }));
    expect(await told([rule, naming], pages)).toEqual([
      'b fired 2 before x',
      'a fired 3 another: true',
      'b fired 3 before x',
    ]);
  });

  it('know a person by what earlier events told', async () => {
    const rule = ruleOf('a', {
      conditions: { all: [{ fact: 'lead', path: '$.country', operator: 'equal', value: 'Norway' }] },
    });
    const told1 = click(0, {
      type: 'marketo.activity.changedatavalue',
      attributes: { 'Attribute Name': 'Country', 'New Value': 'Norway' },
    });
    expect(await told([rule], [click(0), told1, click(1), click(2, { leadId: '8' })])).toEqual([
      'a fired 3 a',
    ]);
  });
});

describe('rules with a flow', () => {
  it('act when something follows', async () => {
    const rule = ruleOf('a', { then: { on: 'marketo.activity.openemail', within: '10m' } });
    const events = [click(0), open(5), open(6), click(7), open(30)];
    expect(await told([rule], events)).toEqual(['a waiting 1', 'a fired 1 a', 'a waiting 4']);
  });

  it('act when nothing follows', async () => {
    const rule = ruleOf('a', { unless: { on: 'marketo.activity.openemail', within: '10m' } });
    expect(await told([rule], [click(0), open(5), click(7)])).toEqual([
      'a waiting 1',
      'a followed 1',
      'a waiting 3',
      'a fired 3 a',
    ]);
  });

  it('take an event of the same instant for one that followed', async () => {
    const rule = ruleOf('a', { then: { on: 'marketo.activity.openemail', within: '10m' } });
    expect(await told([rule], [click(0), open(0)])).toEqual(['a waiting 1', 'a fired 1 a']);
  });

  it('wait for nobody who was deleted', async () => {
    const rule = ruleOf('a', { unless: { on: 'marketo.activity.openemail', within: '10m' } });
    const gone = click(1, { type: 'marketo.activity.deletelead' });
    expect(await told([rule], [click(0), gone])).toEqual(['a waiting 1']);
  });

  it('act once for several', async () => {
    const rule = ruleOf('a', {
      group: { wait: '10m', max: 3 },
      actions: [
        { type: 'slack', params: { to: 'ops', text: '{{ count }}: {{ events | map: "leadId" | join }}' } },
      ],
    });
    const events = [click(0), click(1, { leadId: '8' }), click(20), click(21), click(22)];
    expect(await told([rule], events)).toEqual([
      'a grouped 1',
      'a grouped 2',
      'a fired 1 2: 7 8',
      'a grouped 3',
      'a grouped 4',
      'a fired 3 3: 7 7 7',
    ]);
  });

  it('wait for their hours', async () => {
    const hours = { days: 'mon-fri', hours: '10:00-18:00' };
    const rule = ruleOf('a', { activeHours: hours });
    const dropping = ruleOf('b', { activeHours: { ...hours, outside: 'drop' } });
    expect(await told([rule, dropping], [click(0), click(70)])).toEqual([
      'a deferred 1',
      'b outside-hours 1',
      'a fired 1 a',
      'a fired 2 a',
      'b fired 2 b',
    ]);
  });

  it('are muted by others', async () => {
    const loud = ruleOf('a', {});
    const muted = ruleOf('b', {
      on: 'marketo.activity.openemail',
      inhibitedBy: [{ rule: 'a', within: '10m', per: 'leadId' }],
    });
    expect(await told([loud, muted], [click(0), open(5), open(5, { leadId: '8' }), open(11)])).toEqual([
      'a fired 1 a',
      'b inhibited 2',
      'b fired 3 b',
      'b fired 4 b',
    ]);
  });

  it('end', async () => {
    const rule = ruleOf('a', { expires: at(5) });
    expect(await told([rule], [click(4), click(5)])).toEqual(['a fired 1 a', 'a expired 2']);
  });
});

describe('the texts of rules', () => {
  it('name what facts that remember came to, by each of their names, in shared conditions too', async () => {
    const params = { on: 'marketo.activity.clicklink', within: '1d' };
    const compare = (name: string | undefined, value: number) => {
      const leaf = { fact: 'count', params, operator: 'greaterThanInclusive', value };
      return name === undefined ? leaf : { name, ...leaf };
    };
    const sum = { fact: 'sum', params: { ...params, of: 'data.n' }, operator: 'greaterThan', value: 0 };
    const rule = ruleOf('a', {
      conditions: { all: [compare('few', 1), { any: [compare('many', 9), { condition: 'often' }] }, sum] },
      actions: [
        {
          type: 'slack',
          params: { to: 'ops', text: '{{ facts.few }} {{ facts.many }} {{ facts.visits }} {{ facts.sum }}' },
        },
      ],
    });
    const conditions = { often: { all: [compare('visits', 2)] } };
    const events = [click(0), click(1, { data: { n: 4 } })];
    expect(await told([rule], events, { conditions })).toEqual(['a fired 2 2 2 2 4']);
  });

  it('show the usage as the conditions saw it and the clock at the event, also after a wait', async () => {
    const rule = ruleOf('a', {
      timeZone: 'Asia/Tokyo',
      group: { wait: '1d' },
      actions: [
        {
          type: 'slack',
          params: { to: 'ops', text: '{{ usage.percent }} % at {{ now.date }} {{ now.hour }}' },
        },
      ],
    });
    expect(await told([rule], [click(0)], { given: { usage: { percent: 80 } } })).toEqual([
      'a grouped 1',
      'a fired 1 80 % at 2026-01-05 18',
    ]);
  });
});

it('lets a rule compare a number that another one emitted', async () => {
  const emitting = ruleOf('a', {
    actions: [{ type: 'emit', params: { type: 'acme.points', data: { points: '{{ data.n | times: 2 }}' } } }],
  });
  const [event] = completeEvents([click(0, { data: { n: 4 } })]);
  const ruleSet = compileRuleSet({ rules: [emitting], conditions: {}, lists: {} });
  const { outcomes } = await runTrial(ruleSet, event === undefined ? [] : [event]);
  expect(outcomes[0]?.effects[0]?.params['data']).toEqual({ points: 8 });
});
