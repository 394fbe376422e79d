import { checkRule } from '../loading/check-rule.js';
import { blocks, code, lines } from './markdown.js';

interface Trap {
  readonly title: string;
  readonly written: string;
  readonly meant: string;
}

const TRAPS: readonly Trap[] = [
  {
    title: 'Everybody whose country is not known is not in Norway either',
    written: '{ "fact": "lead", "path": "$.country", "operator": "notEqual", "value": "Norway" }',
    meant:
      '{ "fact": "lead", "path": "$.country", "operator": "exists", "value": true }, ' +
      '{ "fact": "lead", "path": "$.country", "operator": "notEqual", "value": "Norway" }',
  },
  {
    title: '`in` with one text finds parts of words',
    written: '{ "fact": "lead", "path": "$.country", "operator": "in", "value": "Norway" }',
    meant: '{ "fact": "lead", "path": "$.country", "operator": "in", "value": ["Norway"] }',
  },
  {
    title: 'A number in quotes is a text',
    written: '{ "fact": "data", "path": "$.primaryAttributeValueId", "operator": "equal", "value": "1001" }',
    meant:
      '{ "fact": "data", "path": "$.primaryAttributeValueId", "operator": "in", "value": ["1001", 1001] }',
  },
  {
    title: 'Texts are compared letter by letter, so "9" is more than "80"',
    written: '{ "fact": "data", "path": "$.percent", "operator": "greaterThan", "value": "80" }',
    meant: '{ "fact": "data", "path": "$.percent", "operator": "greaterThan", "value": 80 }',
  },
  {
    title: '`leadId` is a text',
    written: '{ "fact": "leadId", "operator": "equal", "value": 7 }',
    meant: '{ "fact": "leadId", "operator": "equal", "value": "7" }',
  },
  {
    title: 'Times have operators of their own',
    written: '{ "fact": "lead", "path": "$.createdAt", "operator": "greaterThan", "value": "2026-01-31" }',
    meant: '{ "fact": "lead", "path": "$.createdAt", "operator": "after", "value": "2026-01-31" }',
  },
  {
    title: 'A count passes the number by',
    written:
      '{ "fact": "count", "params": { "per": "leadId", "within": "1d" }, "operator": "equal", "value": 3 }',
    meant:
      '{ "fact": "count", "params": { "per": "leadId", "within": "1d" }, "operator": "greaterThanInclusive", "value": 3 }',
  },
  {
    title: 'The last event may be that of somebody else',
    written: '{ "fact": "changed", "params": { "of": "data.country" }, "operator": "equal", "value": true }',
    meant:
      '{ "fact": "changed", "params": { "of": "data.country", "per": "leadId" }, "operator": "equal", "value": true }',
  },
  {
    title: 'Sunday is 7',
    written: '{ "fact": "now", "path": "$.weekday", "operator": "in", "value": [6, 0] }',
    meant: '{ "fact": "now", "path": "$.weekday", "operator": "in", "value": [6, 7] }',
  },
  {
    title: 'An empty list asks nothing',
    written: '{ "any": [] }',
    meant: '{ "any": [{ "fact": "lead", "path": "$.country", "operator": "equal", "value": "Norway" }] }',
  },
];

/** What the checker says of each trap is asked of the checker. */
export function trapsSection(): string {
  return blocks(
    '### Traps',
    'The checker warns of these. Its own words stand below each.',
    lines(
      ...TRAPS.flatMap(({ title, written, meant }) => [
        `- **${title}.** You wrote ${code(written)}`,
        ...saidOf(written).map((said) => `  - ${said}`),
        `  - Better: ${code(meant)}`,
      ]),
    ),
    lines(
      '- **A rule can set itself off.** A rule that is `on` score changes and changes a score, or is `on` a list and adds to',
      '  one, or emits an event that it is `on`, is warned of. Give it a condition that its own doing does not meet, or a',
      '  throttle.',
      '- **`null` is not missing** for `equal` and `in`: some senders write `null` for an empty field, and',
      '  `"in", "value": ["", null]` finds it. `exists` and `isEmpty` treat the two alike.',
      '- **A changed field that was emptied** is `null` in `lead`.',
      '- **Two missing fields are equal.** When `value` is another fact and both are missing, `equal` says yes.',
    ),
  );
}

function saidOf(condition: string): string[] {
  const text = `{
    "description": "d", "on": "com.acme.any", "conditions": { "all": [${condition}] },
    "actions": [{ "type": "slack", "params": { "to": "ops", "text": "t" } }]
  }`;
  const context = {
    destinations: { ops: 'slack' },
    ruleIds: new Set<string>(),
    conditions: new Set<string>(),
    lists: new Map(),
  } as const;
  const { problems } = checkRule({ file: 'rules/trap.json', id: 'trap', text }, context);
  return problems.map(
    ({ severity, message }) => `${severity === 'error' ? 'Error' : 'Warning'}: ${message}.`,
  );
}
