import { RuleFile } from '../rule-schema.js';
import { blocks, code, lines, ruleFile, table } from './markdown.js';
import { membersOf, yesOrNo } from './members.js';

const EXAMPLE = `
{
  // With this line your editor completes words and marks slips while you type.
  "$schema": "../../schema/rule.schema.json",

  // One sentence: what the rule is for. It stands beside everything that the rule does.
  "description": "Somebody asks for a demo: the lead gains 20 points, and ops hears of it.",

  // Who answers for the rule. You may leave it out.
  "owner": "marketing-ops@acme.example",

  // live: it acts. shadow: it only writes down what it would have done. off: it rests.
  "mode": "live",

  // WHEN: the kind of event that the rule looks at. All others pass it by.
  "on": "marketo.activity.filloutform",

  // IF: what must be true of the event. "all" means that every line must hold.
  "conditions": {
    "all": [
      // The name of the form, "Program.Form", has these words in it.
      { "fact": "data", "path": "$.primaryAttributeValue", "operator": "containsText", "value": "Request Demo" },
      // It does not come from our own office.
      { "not": { "fact": "attributes", "path": "$['Client IP Address']", "operator": "equal", "value": "192.0.2.10" } },
    ],
  },

  // HOW OFTEN: once an hour for each lead, because people press the button twice.
  "throttle": { "per": "leadId", "every": "1h" },

  // THEN: what is done, one after the other in this list.
  "actions": [
    { "type": "marketo.changeScore", "params": { "lead": "{{ leadId }}", "field": "leadScore", "change": 20 } },
    {
      "type": "slack",
      // "ops" is the name of a connection. Addresses and passwords never stand in a rule.
      "params": { "to": "ops", "text": "Lead {{ leadId }} filled out {{trigger.Name:default=a form}}." },
    },
  ],
}`;

export const DEMO_RULE = 'rules/leads/demo-request';

/** Members of which the schema says nothing, or too little for a reader who has not seen the rest of the page. */
const IN_OTHER_WORDS: Readonly<Record<string, string>> = {
  on: 'Names of the events that the rule looks at, or patterns with `*` for several.',
  conditions: 'What must be true. Without it, every event of the kinds in `on` will do.',
};

const NEEDED: Readonly<Record<string, string>> = { on: 'this or `every`', every: 'this or `on`' };

export function wholeRule(): string {
  const rows = membersOf(RuleFile).map(({ name, isRequired, description }) => [
    code(name),
    NEEDED[name] ?? yesOrNo(isRequired),
    IN_OTHER_WORDS[name] ?? description,
  ]);
  return blocks(
    '## A whole rule, line by line',
    lines(
      'A rule is a text file. It says: **when** this happens, **if** that is true, **then** do this.',
      'One file holds one rule. Lines that begin with `//` are notes for people. A comma too many does no harm.',
    ),
    ruleFile(`${DEMO_RULE}.json`, EXAMPLE),
    'These are all the members that a rule can have:',
    table(['member', 'needed', 'what it says'], rows),
    lines(
      'The id of a rule is its path without the ending: `leads/demo-request`. Folders are for you; name them as you like.',
      'Only `rules/conditions` and `rules/lists` have a meaning of their own ([below](#shared-conditions-and-lists)).',
      'Save files as UTF-8 text whose names end in `.json`.',
    ),
    lines(
      'Before a rule runs it is checked. Ask for the check yourself with `npx signalman check`: it names the line and',
      'the column, says what is wrong, and offers the nearest right word. An **error** keeps the file out of force; if an',
      'earlier version was good, that one stays. A **warning** keeps nothing out, but read it. One bad file never stops the',
      'others. A saved file is read again at once, without a restart.',
    ),
  );
}
