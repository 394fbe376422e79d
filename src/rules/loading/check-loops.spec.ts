import { checkRule } from './check-rule.js';

const CONTEXT = {
  destinations: { marketo: 'marketo' },
  ruleIds: new Set<string>(),
  conditions: new Set<string>(),
  lists: new Map(),
} as const;

const LIST = { type: 'marketo.addToList', params: { list: 1001, lead: '{{ leadId }}' } };
const FIELD = {
  type: 'marketo.syncLead',
  params: { lookupField: 'id', fields: { id: '{{ leadId }}', leadScore: 1 } },
};

/** What the checker says of a rule about coming back to itself. */
function loopsOf(rule: object): string[] {
  const text = JSON.stringify({ description: 'd', ...rule });
  const { problems } = checkRule({ file: 'rules/a.json', id: 'a', text }, CONTEXT);
  return problems.filter(({ code }) => code === 'action.loop').map(({ message }) => message);
}

const on = (fact: string, path: string, operator: string, value: unknown): object => ({
  all: [{ fact, path, operator, value }],
});

describe('a rule that is on what it writes', () => {
  it('is told that it does not fire on that, or how often it could where it wants to', () => {
    const rule = { on: 'marketo.activity.addtolist', actions: [LIST] };
    const back =
      '"marketo.addToList" makes Marketo write marketo.activity.addtolist, which this rule is "on"';
    expect(loopsOf(rule)).toEqual([
      `${back}: it does not fire on what it wrote itself, unless it says "reactToOwnWrites": true`,
    ]);
    expect(loopsOf({ ...rule, reactToOwnWrites: true })).toEqual([
      `${back}: since it reacts to its own writes it could fire itself, 8 times at most`,
    ]);
  });

  it.each([
    ['another list', LIST, on('data', '$.primaryAttributeValueId', 'equal', 1002), 0],
    ['other lists', LIST, on('data', "$['primaryAttributeValueId']", 'in', [1002, '1003']), 0],
    ['this list as text', LIST, on('data', '$.primaryAttributeValueId', 'in', ['1001']), 1],
    ['this list by its attribute', LIST, on('attributes', "$['List ID']", 'equal', 1001), 1],
    [
      'a list of a template',
      { ...LIST, params: { ...LIST.params, list: '{{ data.list }}' } },
      on('data', '$.primaryAttributeValueId', 'equal', 1002),
      1,
    ],
    ['something else', LIST, on('data', '$.activityTypeId', 'equal', 3), 1],
    ['another field', FIELD, on('attributes', "$['Attribute Name']", 'equal', 'Country'), 0],
    ['this field', FIELD, on('attributes', "$['Attribute Name']", 'equal', 'Lead Score'), 1],
    ['not this list', LIST, { not: { all: [on('data', '$.primaryAttributeValueId', 'equal', 1002)] } }, 1],
    [
      'one list or another',
      LIST,
      {
        any: [
          on('data', '$.primaryAttributeValueId', 'equal', 1001),
          on('data', '$.primaryAttributeValueId', 'equal', 7),
        ],
      },
      1,
    ],
    [
      'either of two others',
      LIST,
      {
        any: [
          on('data', '$.primaryAttributeValueId', 'equal', 8),
          on('data', '$.primaryAttributeValueId', 'equal', 7),
        ],
      },
      0,
    ],
  ])('is told so unless its conditions want something else: %s', (_, action, conditions, warnings) => {
    const types = ['marketo.activity.addtolist', 'marketo.activity.changedatavalue'];
    expect(loopsOf({ on: types, conditions, actions: [action] })).toHaveLength(warnings);
  });
});
