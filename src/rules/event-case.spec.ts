import { compileRuleSet } from './engine/rule-set.js';
import { EventCase } from './event-case.js';
import type { Rule } from './rule.js';
import { completeEvents } from './trial/short-event.js';

const RULE: Rule = {
  id: 'a',
  version: 'v',
  description: 'd',
  mode: 'live',
  on: ['marketo.activity.clicklink'],
  conditions: { all: [{ fact: 'usage', path: '$.percent', operator: 'greaterThan', value: 80 }] },
  actions: [],
};

it.each([
  [true, { usage: { percent: 85 } }],
  [false, {}],
])('keeps the usage with an event only where a text names it: %j', (usageInTexts, expected) => {
  const ruleSet = compileRuleSet({ rules: [{ ...RULE, usageInTexts }], conditions: {}, lists: {} });
  const given = { usage: { percent: 85 } };
  for (const event of completeEvents([{ type: 'marketo.activity.clicklink' }])) {
    const each = new EventCase(ruleSet, event, {
      given,
      onError: (_, error) => {
        throw error;
      },
    });
    expect(each.matches.map((rule) => each.kept(rule))).toEqual([
      { event, lead: {}, facts: {}, ...expected },
    ]);
  }
});
