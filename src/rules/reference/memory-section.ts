import { SERIES_MEMBERS } from '../loading/series-members.js';
import { STATEFUL_FACTS, type Measure } from '../memory/stateful-facts.js';
import { blocks, code, codes, fragment, lines, table } from './markdown.js';

const MEASURES = Object.keys(STATEFUL_FACTS) as Measure[];

export function memorySection(): string {
  return blocks(
    '### Facts that remember',
    lines(
      'These facts look at other events beside this one: they count, compare and look back. What they look at stands in',
      '`params`. "Clicked at least three links within a day" is:',
    ),
    fragment(
      'condition',
      `
{
  "fact": "count",
  "params": { "on": "marketo.activity.clickemail", "per": "leadId", "within": "24h" },
  "operator": "greaterThanInclusive",
  "value": 3,
}`,
    ),
    table(
      ['fact', 'what it is'],
      MEASURES.map((name) => [code(name), STATEFUL_FACTS[name].doc]),
    ),
    'Its `params` can have these members:',
    table(
      ['member', 'needed', 'meaning'],
      Object.entries(SERIES_MEMBERS).map(([name, { doc, isFor, isNeeded }]) => [
        code(name),
        neededBy(MEASURES.filter(isFor), MEASURES.filter(isNeeded)),
        doc,
      ]),
    ),
    'Who deletes more than twenty assets within an hour, counting only deletions:',
    fragment(
      'condition',
      `
{
  "name": "deletions",
  "fact": "count",
  "params": {
    "on": "marketo.audit.user.*",
    "where": { "all": [{ "fact": "data", "path": "$.eventAction", "operator": "equal", "value": "delete" }] },
    "per": "data.userId",
    "within": "1h",
  },
  "operator": "greaterThan",
  "value": 20,
}`,
    ),
    'A score that was below 100 the last time; a country that is another than before; ten times the usual of a week:',
    fragment(
      'condition',
      `
{
  "any": [
    {
      "fact": "previous",
      "params": { "on": "marketo.activity.changescore", "per": ["leadId", "data.primaryAttributeValue"], "of": "attributes['New Value']" },
      "operator": "lessThan",
      "value": 100,
    },
    {
      "fact": "changed",
      "params": { "per": "leadId", "of": "data.country" },
      "operator": "equal",
      "value": true,
    },
    {
      "fact": "spike",
      "params": { "on": "marketo.activity.unsubscribeemail", "within": "24h", "windows": 7 },
      "operator": "greaterThan",
      "value": 10,
    },
  ],
}`,
    ),
    lines(
      '- The event itself counts when it is one of those that are looked at. `previous`, `changed`, `firstSeen` and',
      '  `sinceLast` look at what came before it.',
      '- Time is the time of the events. One that comes late still counts where it belongs, as late as `within` is long, and',
      '  an hour in any case. What was decided before it came stays decided.',
      '- An event without the value that `per` names is not counted, and for it the fact is missing.',
      '- The same event counts once, however often it is delivered. A restart forgets nothing.',
      '- `where` looks at one event alone: no other fact that remembers, no `lead`, no `usage` inside.',
      '- In a shared condition, and in a rule with `every`, `on` must be said.',
      '- A `name` on the condition lets a text show the number: `{{ facts.deletions }}`. Names in shared conditions do too.',
      '- Memory begins when the rule does: what came before the rule was there is not known. `spike` takes that into account,',
      '  and says nothing until it knows two windows. Three instead of one is three times as many, so put a `count` of at',
      '  least ten or so beside it.',
    ),
    lines(
      '**What it costs.** Memory in Redis. All that is remembered of a lead lies in one place and is erased with the lead. Each',
      'different question (`on`, `where`, `per`, `of`) takes some 40 to 70 bytes a lead, and some 10 bytes an event within the',
      'longest window; two rules that ask the same share it. Up to 512 events a lead, or another `per`, windows are exact.',
      "Above that a window's edge is exact to a 512th of the longest window, and `distinct` stays at 512.",
    ),
  );
}

function neededBy(meant: readonly Measure[], needing: readonly Measure[]): string {
  const only = meant.length < MEASURES.length;
  if (needing.length === 0) return only ? `no; only for ${codes(meant)}` : 'no';
  return only && needing.length === meant.length
    ? `for ${codes(needing)}, and no other`
    : `for ${codes(needing)}`;
}
