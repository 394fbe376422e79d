import { parseDuration } from '../../contracts/duration.js';
import { countMessages } from '../rule.js';
import type { RuleFile } from '../rule-schema.js';
import type { Checked } from './check-context.js';
import { checkDuration } from './check-duration.js';
import { error, type Problem } from './problem.js';

const SHORTEST_MS = 60_000;
const LONGEST_DAYS = 1;

/** Checks how much a rule may do before it is held. */
export function checkLimit(checked: Checked, { limit, actions }: RuleFile): Problem[] {
  if (limit === undefined) return [];
  return [...checkPer(checked, limit.per), ...checkMessages(checked, limit.messages, actions)];
}

function checkPer(checked: Checked, per: string | undefined): Problem[] {
  if (per === undefined) return [];
  const at = ['limit', 'per'];
  const problems = checkDuration(checked, per, at, LONGEST_DAYS);
  if (problems.length > 0 || (parseDuration(per) ?? 0) >= SHORTEST_MS) return problems;
  return [checked.document.at(at, error('duration.per', '"per" of a limit must be "1m" at least'))];
}

function checkMessages(
  { document }: Checked,
  most: number | undefined,
  actions: RuleFile['actions'],
): Problem[] {
  if (most === undefined) return [];
  const sent = countMessages(actions);
  const at = ['limit', 'messages'];
  if (sent === 0) {
    const message = 'the rule sends no message: limit its "firings" or "leads"';
    return [document.at(at, error('limit.no-message', message))];
  }
  if (sent <= most) return [];
  const message = `one firing sends ${sent} messages already, so the rule would always be held`;
  return [document.at(at, error('limit.messages', message))];
}
