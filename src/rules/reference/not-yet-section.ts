import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import { MEMBERS_TO_COME } from '../rule-schema.js';
import { blocks, codes, lines } from './markdown.js';

export function notYetSection(): string {
  return blocks(
    '## What this version does not know yet',
    'These words are kept for later. A rule that uses one is refused: without it, it would be another rule.',
    lines(
      `- In a rule: ${codes(MEMBERS_TO_COME)}. So how much a rule may do in an hour is bounded by its \`throttle\` and`,
      '  `group` alone.',
      `- As actions: any other than ${codes(ACTION_SCHEMAS.keys())}.`,
    ),
  );
}
