import { ShortEvent } from '../trial/short-event.js';
import { blocks, code, lines, ruleFile } from './markdown.js';
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
      '- Time moves by the times of the events, so a week passes in no time. Memory and throttles start empty in each case.',
      '- A rule in `shadow` or `off` is tested as if it were live.',
      '- `"given": { "lead": { "country": "Norway" } }` beside `events` adds what is known of the person, and',
      '  `"usage": { "percent": 85 }` what Marketo says of the API calls. Nobody is asked for more.',
    ),
    lines('An event of a test can have these members:', '', ...members.map((member) => `- ${member}`)),
    '### Why did it fire?',
    lines(
      '`npx signalman explain samples/lead-activity.json` says of each rule whether it would act on the events of a',
      'file, and line by line why, or why not. The file may hold events as Adobe sends them, or in the short form of tests.',
    ),
  );
}
