import type { RuleFile } from '../rule-schema.js';
import { checkConditions } from './check-conditions.js';
import type { Checked } from './check-context.js';
import { checkDuration, LONGEST_WAIT_DAYS } from './check-duration.js';
import { checkOn } from './check-on.js';
import { checkPer, NO_LEAD } from './check-per.js';
import { error, warning, type Problem } from './problem.js';

const WORDS = ['then', 'unless'] as const;

/** Checks `then` and `unless`: a second event, judged by itself alone. */
export function checkFollowUps(checked: Checked, source: RuleFile): Problem[] {
  const problems = WORDS.flatMap((word) => checkFollowUp(checked, word, source[word]));
  if (source.then === undefined || source.unless === undefined) return problems;
  const message = 'a rule has either "then" or "unless", not both: make two rules of it';
  return [checked.document.atName(['unless'], error('flow.then-and-unless', message)), ...problems];
}

function checkFollowUp(
  checked: Checked,
  word: (typeof WORDS)[number],
  followUp: RuleFile['then'],
): Problem[] {
  if (followUp === undefined) return [];
  const { document, context, isScheduled = false } = checked;
  const { on, conditions, per, within } = followUp;
  const { problems, covered } = checkOn(document, on, [word, 'on']);
  const second: Checked = { document, context, ...covered, alone: word };
  const isByLead = isScheduled && per === undefined;
  return [
    ...problems,
    ...(isByLead
      ? [document.atName([word], warning('every.lead', `${NO_LEAD}: say "per" in "${word}"`))]
      : []),
    ...(conditions === undefined ? [] : checkConditions(second, conditions, [word, 'conditions'])),
    ...(per === undefined ? [] : checkPer({ ...second, isScheduled }, per, [word, 'per'])),
    ...checkDuration(checked, within, [word, 'within'], LONGEST_WAIT_DAYS),
  ];
}
