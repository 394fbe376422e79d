import type { DecisionOutcome } from '../../contracts/decision.js';
import type { Limit, Rule, RuleSources } from '../rule.js';
import type { RuleTestCase } from './rule-test-file.js';
import { runRuleTest } from './run-rule-test.js';

const rule: Rule = {
  id: 'leads/norway',
  version: 'v1',
  description: 'A lead in Norway.',
  mode: 'shadow',
  on: ['marketo.activity.newlead'],
  conditions: { all: [{ fact: 'lead', path: '$.country', operator: 'equal', value: 'Norway' }] },
  throttle: { per: ['leadId'], everyMs: 60_000 },
  actions: [
    {
      type: 'slack',
      params: { to: 'ops', text: '{{ lead.country }} {{ data.long }}' },
      guarantee: 'at-least-once',
    },
    { type: 'marketo.addToList', params: { list: 3, lead: '{{ leadId }}' }, guarantee: 'at-least-once' },
  ],
};
const other: Rule = { ...rule, id: 'leads/other', mode: 'live', conditions: { all: [] } };
const sources: RuleSources = { rules: [rule, other], conditions: {}, lists: {} };
const newLead = { type: 'marketo.activity.newlead', leadId: '7', data: { lead: { country: 'Norway' } } };

function run(testCase: Omit<RuleTestCase, 'name'>) {
  return runRuleTest(rule, sources, { name: 'case', ...testCase });
}

it('passes, with this rule alone and as if it were live', async () => {
  const wanted = [
    { action: 'slack', params: { to: 'ops' } },
    { action: 'marketo.addToList', params: { lead: '7' } },
  ];
  expect(await run({ events: [newLead], expect: wanted })).toEqual({
    ruleId: 'leads/norway',
    name: 'case',
    differences: [],
    why: [],
  });
});

it('does what a repeated event asks for once', async () => {
  const repeated = { ...newLead, id: 'same' };
  const { differences } = await run({
    events: [repeated, repeated],
    expect: [{ action: 'slack' }, { action: 'marketo.addToList' }],
  });
  expect(differences).toEqual([]);
});

it('says what was expected, what happened, and which condition was why', async () => {
  const { differences, why } = await run({
    given: { lead: { country: 'Sweden' } },
    events: [{ type: 'marketo.activity.newlead' }],
    expect: [{ action: 'slack' }],
  });
  expect(differences).toEqual(['effect 1: expected slack, but nothing came']);
  expect(why[0]).toMatch(/^event 1, marketo\.activity\.newlead: .*not matched/);
  expect(why.join('\n')).toContain('lead $.country equal "Norway" — was "Sweden"');
});

it('says that a throttle held it back, and until when', async () => {
  const { why } = await run({
    events: [{ ...newLead, time: '2026-03-09T16:00:00Z' }, newLead],
    expect: [],
  });
  expect(why).toContain('event 1, marketo.activity.newlead: fires');
  expect(why.at(-1)).toBe(
    'event 2, marketo.activity.newlead: matches, but is held back by its throttle until 2026-03-09T16:01:00.000Z: ' +
      'already fired for this leadId',
  );
});

it('says that a text cannot be rendered', async () => {
  const { why } = await run({
    events: [{ ...newLead, data: { ...newLead.data, long: 'x'.repeat(40_000) } }],
    expect: [{ action: 'slack' }],
  });
  expect(why[0]).toMatch(/fails: Action 1 \(slack\): .*longer than 32768 characters/);
});

it('says that another type does not concern the rule', async () => {
  const { why } = await run({
    events: [{ type: 'marketo.activity.clicklink' }],
    expect: [{ action: 'slack' }],
  });
  expect(why[0]).toContain('marketo.activity.clicklink is not among marketo.activity.newlead');
});

describe('a rule that waits', () => {
  const NINE = '2026-03-09T09:00:00Z';
  const waiting: Rule = {
    ...rule,
    conditions: { all: [] },
    unless: {
      on: ['marketo.activity.openemail'],
      conditions: { all: [] },
      per: ['leadId'],
      withinMs: 3_600_000,
    },
    inhibitedBy: [{ rule: 'leads/other', withinMs: 7_200_000, per: ['leadId'] }],
  };
  const runWaiting = (testCase: Omit<RuleTestCase, 'name'>) =>
    runRuleTest(waiting, sources, { name: 'case', ...testCase });

  it('acts at a time, and what becomes of it is told in order', async () => {
    const events = [{ ...newLead, time: NINE }];
    const at = '2026-03-09T10:00:00Z';
    const passed = await runWaiting({
      events,
      expect: [
        { action: 'slack', at },
        { action: 'marketo.addToList', at },
      ],
      outcomes: ['waiting', 'fired'],
    });
    expect(passed.differences).toEqual([]);
    const failed = await runWaiting({
      events: [...events, { type: 'marketo.activity.openemail', leadId: '7', time: '2026-03-09T09:30:00Z' }],
      expect: [{ action: 'slack', at: NINE }],
      outcomes: ['waiting', 'fired'],
    });
    expect(failed.differences).toEqual([
      'effect 1: expected slack, but nothing came',
      'outcomes should be ["waiting","fired"], but are ["waiting","followed"]',
    ]);
  });

  it('is muted by rules that acted before, for whatever they have in common', async () => {
    const acted = [
      { rule: 'leads/other', leadId: '8', time: NINE },
      { rule: 'leads/other', leadId: '7', time: '2026-03-09T08:30:00Z' },
    ];
    const events = [{ ...newLead, time: NINE }];
    const inhibited = await runWaiting({
      given: { acted },
      events,
      expect: [],
      outcomes: ['waiting', 'inhibited'],
    });
    expect(inhibited.differences).toEqual([]);
    const [forAnother] = acted;
    const expected = [{ action: 'slack' }, { action: 'marketo.addToList' }];
    const free = await runWaiting({
      given: { acted: forAnother ? [forAnother] : [] },
      events,
      expect: expected,
    });
    expect(free.differences).toEqual([]);
  });

  it('says so when it is not muted by such a rule at all', async () => {
    const acted = [{ rule: 'leads/othr', time: NINE }];
    const { differences } = await runWaiting({
      given: { acted },
      events: [{ ...newLead, time: NINE }],
      expect: [{ action: 'slack' }, { action: 'marketo.addToList' }],
    });
    expect(differences).toEqual(['"acted": this rule is not muted by the rule "leads/othr"']);
  });
});

it.each<[Omit<Limit, 'withinMs'>, DecisionOutcome[], number]>([
  [{ firings: 1 }, ['fired', 'held', 'held'], 1],
  [{ firings: 2 }, ['fired', 'fired', 'held'], 2],
  [{ messages: 1 }, ['fired', 'held', 'held'], 1],
  [{ messages: 9, leads: 1 }, ['fired', 'held', 'held'], 1],
  [{ leads: 2 }, ['fired', 'fired', 'fired'], 3],
])('with the limit %j takes for done what is not held', async (limit, outcomes, firings) => {
  const events = ['7', '8', '8'].map((leadId, index) => ({
    ...newLead,
    leadId,
    time: `2026-03-01T10:0${index * 2}:00Z`,
  }));
  const limited = { ...rule, limit: { withinMs: 3_600_000, ...limit } };
  const expected = Array.from({ length: firings }, () => [
    { action: 'slack' },
    { action: 'marketo.addToList' },
  ]);
  const { differences } = await runRuleTest(limited, sources, {
    name: 'case',
    events,
    expect: expected.flat(),
    outcomes,
  });
  expect(differences).toEqual([]);
});
