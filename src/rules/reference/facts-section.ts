import { FACTS } from '../engine/facts.js';
import { blocks, code, fragment, lines, table } from './markdown.js';

export function factsSection(): string {
  return blocks(
    '## Facts: what a condition can look at',
    'A condition names a **fact** and, with `path`, a field inside it.',
    table(
      ['fact', 'what it is'],
      [...FACTS].map(([name, { doc }]) => [code(name), doc]),
    ),
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
      '- `lead` holds what the event itself says of the person. Marketo is not asked for the rest: a field that the event',
      '  does not carry is missing.',
    ),
    'A value can be another fact. This holds when an order is larger than the limit in the same event:',
    fragment(
      'condition',
      `
{ "fact": "data", "path": "$.total", "operator": "greaterThan", "value": { "fact": "data", "path": "$.limit" } }`,
    ),
  );
}
