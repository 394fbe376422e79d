import type { RuleFile } from '../rule-schema.js';
import type { Checked } from './check-context.js';
import { checkDuration, LONGEST_THROTTLE_DAYS, LONGEST_WAIT_DAYS } from './check-duration.js';
import { checkPer } from './check-per.js';
import type { Problem } from './problem.js';

/** Checks how often a rule acts: `throttle` and `group`. */
export function checkPace(checked: Checked, { throttle, group }: RuleFile): Problem[] {
  const problems: Problem[] = [];
  if (throttle !== undefined) {
    problems.push(...checkPer(checked, throttle.per, ['throttle', 'per']));
    problems.push(...checkDuration(checked, throttle.every, ['throttle', 'every'], LONGEST_THROTTLE_DAYS));
  }
  if (group !== undefined) {
    if (group.per !== undefined) problems.push(...checkPer(checked, group.per, ['group', 'per']));
    problems.push(...checkDuration(checked, group.wait, ['group', 'wait'], LONGEST_WAIT_DAYS));
  }
  return problems;
}
