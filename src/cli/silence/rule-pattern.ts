import type { AppConfig } from '../../config/app-config.js';
import { permanent } from '../../contracts/failure.js';
import { unknownRule } from '../app/unknown-rule.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * Tells of a pattern that covers no rule: a slip would silence nothing.
 * @throws Failure `rule.unknown` with the nearest id, when it is meant to be the id of one.
 */
export async function checkRulePattern(
  pattern: string,
  config: AppConfig,
  { complain }: Terminal,
): Promise<void> {
  const problem = await unknownRule(pattern, config);
  if (problem === undefined) return;
  if (!pattern.includes('*')) throw permanent('rule.unknown', problem);
  complain(problem);
}
