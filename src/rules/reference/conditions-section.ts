import { blocks, fragment, lines, ruleFile, table } from './markdown.js';

export function conditionsSection(): string {
  return blocks(
    '## Conditions',
    '`conditions` begins with one of these four. They can stand inside each other.',
    table(
      ['you write', 'it holds when'],
      [
        ['`"all": [ … ]`', 'every condition of the list holds'],
        ['`"any": [ … ]`', 'at least one condition of the list holds'],
        ['`"not": { … }`', 'the condition does not hold'],
        ['`"condition": "is-customer"`', 'the shared condition of this name holds'],
      ],
    ),
    lines(
      'Inside stand comparisons: `fact`, `path`, `operator`, `value`. You may give any condition a `"name"`; it shows up',
      'when you ask [why a rule fired](#why-did-it-fire).',
    ),
    fragment(
      'condition',
      `
{
  "any": [
    { "fact": "lead", "path": "$.country", "operator": "equal", "value": "Norway" },
    {
      "name": "A customer with a high score",
      "all": [
        { "condition": "is-customer" },
        { "fact": "lead", "path": "$.leadScore", "operator": "greaterThan", "value": 100 },
      ],
    },
  ],
}`,
    ),
    '### Shared conditions and lists',
    lines(
      'What several rules ask belongs into `rules/conditions`. The name is the name of the file. Change the file and',
      'every rule that uses it changes.',
    ),
    ruleFile(
      'rules/conditions/is-customer.json',
      `
{
  "any": [
    { "fact": "lead", "path": "$.leadStatus", "operator": "equalIgnoreCase", "value": "customer" },
    { "fact": "lead", "path": "$.email", "operator": "endsWith", "value": "@partner.example" },
  ],
}`,
    ),
    lines(
      'Long lists of values belong into `rules/lists`, for the operator `inList`. A CSV file, as a spreadsheet saves it,',
      'counts with its first column, every line of it, a heading too, and every entry is a text:',
    ),
    ruleFile('rules/lists/competitors.csv', 'Rival Ltd\n"Other, Inc."'),
    'A JSON file is a list of texts and numbers. Use it when the field holds numbers:',
    ruleFile('rules/lists/trade-fair-lists.json', '[1002, 1003]'),
    ruleFile(
      'rules/leads/competitor-signs-up.json',
      `
{
  "description": "Somebody from a competitor came onto a list of trade-fair guests.",
  "on": "marketo.activity.addtolist",
  "conditions": {
    "all": [
      { "fact": "data", "path": "$.primaryAttributeValueId", "operator": "inList", "value": "trade-fair-lists" },
      { "fact": "lead", "path": "$.company", "operator": "inList", "value": "competitors" },
    ],
  },
  "actions": [{ "type": "slack", "params": { "to": "ops", "text": "A competitor signed up: lead {{ leadId }}." } }],
}`,
    ),
  );
}
