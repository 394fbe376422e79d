import { ShortEvent } from '../trial/short-event.js';
import { OUTCOME_WORDS } from '../trial/outcome-words.js';
import { blocks, code, lines, ruleFile, table } from './markdown.js';
import { membersOf } from './members.js';
import { DEMO_RULE } from './whole-rule.js';

const EXAMPLE = `
{
  "$schema": "../../schema/rule-test.schema.json",
  "cases": [
    {
      "name": "acts when somebody asks for a demo",
      "events": [
        { "type": "marketo.activity.filloutform", "leadId": "7", "data": { "primaryAttributeValue": "Website.Request Demo" } },
      ],
      "expect": [
        { "action": "marketo.changeScore", "params": { "lead": "7", "change": 20 } },
        { "action": "slack", "params": { "text": "Lead 7 filled out Website.Request Demo." } },
      ],
    },
    {
      "name": "counts a button that was pressed twice once",
      "events": [
        { "type": "marketo.activity.filloutform", "leadId": "7", "time": "2026-03-09T16:04:05Z", "data": { "primaryAttributeValue": "Website.Request Demo" } },
        { "type": "marketo.activity.filloutform", "leadId": "7", "time": "2026-03-09T16:04:09Z", "data": { "primaryAttributeValue": "Website.Request Demo" } },
      ],
      "expect": [{ "action": "marketo.changeScore" }, { "action": "slack" }],
    },
    {
      "name": "stays quiet for the newsletter",
      "events": [{ "type": "marketo.activity.filloutform", "data": { "primaryAttributeValue": "Website.Newsletter" } }],
      "expect": [],
    },
  ],
}`;

export function testsSection(): string {
  const members = membersOf(ShortEvent).map(({ name, isRequired, description }) =>
    [code(name), isRequired ? 'needed' : '', description].filter((part) => part !== '').join(': '),
  );
  return blocks(
    '## Test files: what you expect of a rule',
    lines(
      'Beside `demo-request.json` you can put `demo-request.test.json`. Each case gives events and says what the rule should',
      'do, in order. `npx signalman test` runs them. Nothing is sent.',
    ),
    ruleFile(`${DEMO_RULE}.test.json`, EXAMPLE),
    lines(
      '- Name only the parameters that matter; the rest may be anything. `"expect": []` says that the rule stays quiet.',
      '- Time moves by the times of the events, so a week passes in no time, and after the last event time runs on until',
      '  nothing waits any more. Memory and throttles start empty in each case.',
      '- `"at": "2026-03-09T10:00:00Z"` in an expectation says when the rule acts, which matters where it waits.',
      '- `"outcomes": ["waiting", "followed"]` beside `expect` says what becomes of the rule, all of it in order (below).',
      '- A rule is tested alone, and in `shadow` or `off` as if it were live.',
    ),
    '`"given"` beside `events` says what is known beforehand. Nobody is asked for more:',
    lines(
      '- `"lead": { "country": "Norway" }` is what is known of the person.',
      '- `"usage": { "percent": 85 }` is what Marketo says of the API calls.',
      '- `"acted": [{ "rule": "audit/bulk-deletion", "time": "2026-03-09T10:00:00Z", "data": { "userId": "kim" } }]` lets a rule',
      '  that this one is `inhibitedBy` have acted, on an event with the members that `per` asks for.',
    ),
    lines('An event of a test can have these members:', '', ...members.map((member) => `- ${member}`)),
    'These are the outcomes, here and wherever decisions are written down:',
    table(
      ['outcome', 'what became of the rule'],
      Object.entries(OUTCOME_WORDS).map(([word, meaning]) => [code(word), meaning]),
    ),
    '### Why did it fire?',
    lines(
      '`npx signalman explain samples/lead-activity.json` says of each rule whether it would act on the events of a',
      'file, and line by line why, or why not; those that match come first. The file may hold events as Adobe sends them, or in',
      'the short form of tests.',
    ),
  );
}
