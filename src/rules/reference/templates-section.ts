import { KNOWN_FACTS } from '../loading/known-facts.js';
import { FILTER_NAMES, MAX_TEXT, TAG_NAMES } from '../templates/liquid-engine.js';
import { SCOPE_NAMES } from '../templates/template-scope.js';
import { blocks, code, codes, lines, table } from './markdown.js';

/** Marketo's tokens whose value an event can carry. */
export const KNOWN_TOKENS: readonly (readonly [token: string, meaning: string])[] = [
  [
    '{{lead.First Name}}',
    'a field of the lead, by any name that means it: `First Name`, `firstName`, `first_name`',
  ],
  [
    '{{lead.First Name:default=there}}',
    'the same, and `there` when the event does not carry it or it is empty',
  ],
  ['{{trigger.Name}}', 'what the activity is about: the form, the link, the list'],
  ['{{trigger.Referrer URL}}', 'any attribute of the activity, by its name'],
  ['{{campaign.Name}}', 'the campaign that the event names; `{{campaign.Id}}` is its number'],
  ['{{program.Name}}', 'the program that the event names; `{{program.Id}}` is its number'],
  ['{{system.date}}', 'the date of the event in UTC; also `{{system.time}}` and `{{system.dateTime}}`'],
];

/** Marketo's tokens that an event says nothing of; the checker warns of them. */
export const UNKNOWN_TOKENS: readonly string[] = [
  '{{my.Signature}}',
  '{{company.Industry}}',
  '{{member.Status}}',
];

/** Names that are those of facts. */
const LIKE_FACTS = [...SCOPE_NAMES].filter((name) => KNOWN_FACTS.has(name) && name !== 'count');

export function templatesSection(): string {
  return blocks(
    '## Templates',
    lines(
      'In a text, `{{ … }}` is replaced by a value: `Lead {{ leadId }} is in {{ lead.country }}.` A value that is missing',
      'leaves nothing behind; say what should stand there instead: `{{ lead.country | default: "an unknown country" }}`.',
    ),
    lines(
      "Go inside a value with dots and brackets: `{{ data.eventAction.percent }}`, `{{ attributes['Webpage ID'] }}`. The",
      `first name is one of ${codes(SCOPE_NAMES)}:`,
    ),
    table(
      ['name', 'what it is'],
      [
        [codes(LIKE_FACTS), 'the same as for conditions, at the time when they were met'],
        [
          '`facts`',
          'what the facts that remember came to, by the `name` of the condition or else by the name of the fact: `{{ facts.deletions }}`, `{{ facts.count }}`',
        ],
        ['`then`', 'the second event of a sequence: `{{ then.data.userId }}`'],
        [
          '`events` and `count`',
          'in a digest all events and how many they are: `{% for each in events %}{{ each.leadId }} {% endfor %}`; all other names are those of the first',
        ],
        ['`throttled`', '`count` and `events`: what `throttle` held back since the last time'],
        ['`rule`', '`id`, `description` and `owner`'],
      ],
    ),
    'A wrong first name is an error when the rule is checked, and so are a fact and a `then` that the rule does not have.',
    '### Tokens as in Marketo',
    'Capitals, spaces and underscores do not matter in them.',
    table(
      ['token', 'value'],
      KNOWN_TOKENS.map(([token, meaning]) => [code(token), meaning]),
    ),
    lines(
      `No event says what ${codes(UNKNOWN_TOKENS)} and their like are. The checker warns; they`,
      'read as their default, or as nothing.',
    ),
    '### Filters and tags',
    lines(
      'A filter changes a value: `{{ lead.email | downcase }}`, `{{ time | date: "%d %b %Y, %H:%M" }}` (in UTC). There are',
      `${codes(FILTER_NAMES)}.`,
    ),
    lines(
      `The tags are ${codes(TAG_NAMES)}: \`{% if throttled.count > 0 %}and {{ throttled.count }} more{% endif %}\`.`,
      'The language is Liquid. It reads no files and has no clock, so a text is always the same for the same event. A text',
      `can be ${MAX_TEXT.toLocaleString('en-US')} characters long, as written and when it is filled in.`,
    ),
    '### What people type cannot do harm',
    'Your own words stay as you wrote them. Values are made harmless for the place where they land:',
    table(
      ['place', 'what happens to a value'],
      [
        ['Slack', '`&`, `<` and `>` are escaped: `<!channel>` from a form pings nobody'],
        ['HTML mail', '`&`, `<`, `>` and both quotes are escaped: no value becomes a link or a script'],
        ['subject line', 'line breaks and control characters become spaces'],
        ['anything else', 'stays as it is; JSON and addresses are put together safely'],
      ],
    ),
  );
}
