import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import { FACTS_TO_COME, MEMBERS_TO_COME } from '../rule-schema.js';
import { blocks, codes, lines } from './markdown.js';

export function notYetSection(): string {
  return blocks(
    '## What this version does not know yet',
    'These words are kept for later. A rule that uses one is refused: without it, it would be another rule.',
    lines(
      `- In a rule: ${codes(MEMBERS_TO_COME)}. So a rule looks at one event at a time, and cannot wait,`,
      '  collect or follow a timetable.',
      `- As facts: ${codes(FACTS_TO_COME)}. So a rule cannot count or remember; \`throttle\` is the only memory.`,
      `- As actions: any other than ${codes(ACTION_SCHEMAS.keys())}.`,
      '- Look-ups: `lead` is what the event says; Marketo is not asked for more.',
    ),
  );
}
