import { KNOWN_FACTS } from '../loading/known-facts.js';
import { isMeasure } from '../memory/stateful-facts.js';
import { blocks, code, fragment, lines, table } from './markdown.js';

export function factsSection(): string {
  return blocks(
    '## Facts: what a condition can look at',
    'A condition names a **fact** and, with `path`, a field inside it.',
    table(
      ['fact', 'what it is'],
      [...KNOWN_FACTS].filter(([name]) => !isMeasure(name)).map(([name, { doc }]) => [code(name), doc]),
    ),
    'Beside these there are [facts that remember](#facts-that-remember): they count, compare and look back.',
    lines(
      'A path begins with `$`, which is the fact itself. `$.country` is the field `country`, `$.eventAction.percent` the',
      "field `percent` inside `eventAction`, `$['Campaign Run ID']` a name with spaces, `$.tags[0]` the first entry of a",
      'list. Capitals count. Paths that search (`$..x`, `$.*`, `[?(…)]`) are refused.',
    ),
    lines(
      '- In a lead activity, `data.primaryAttributeValue` is what the activity is about: the form, the link, the list. Its',
      '  number is `data.primaryAttributeValueId`.',
      '- In a user audit event, `data.userId` is who did it, `data.eventAction` what, `data.componentId` to which asset.',
      '- The folder `samples` holds one event of each stream to look at.',
    ),
    '### `lead`: what is known of a person',
    lines(
      '`lead` holds what the event itself says of the person and what earlier events told. For a field that is still missing',
      'Marketo is asked, only where the verdict or a text of yours depends on it.',
      '',
      '- **What it costs.** One call serves up to 300 leads, and an answer is good for a day. Put cheap conditions beside it in',
      '  the same `all`: Marketo is asked only about those leads for whom all else holds.',
      '- **When Marketo cannot be asked**, because it is down or because the calls that Signalman may use of a day are used up,',
      '  the rule is `undecided`: that is written down, and it is judged again and again for a day. After that it is given up,',
      '  as `failed`. The other rules do not wait.',
      '- A person whom Marketo does not know, or an event of an instance without a connection, has no more fields than the',
      '  events told.',
    ),
    'This holds outside working hours, in the time zone of the rule:',
    fragment(
      'condition',
      `
{
  "any": [
    { "fact": "now", "path": "$.weekday", "operator": "greaterThan", "value": 5 },
    { "fact": "now", "path": "$.hour", "operator": "notIn", "value": [8, 9, 10, 11, 12, 13, 14, 15, 16, 17] },
  ],
}`,
    ),
    'A value can be another fact. This holds when an order is larger than the limit in the same event:',
    fragment(
      'condition',
      `
{ "fact": "data", "path": "$.total", "operator": "greaterThan", "value": { "fact": "data", "path": "$.limit" } }`,
    ),
  );
}
