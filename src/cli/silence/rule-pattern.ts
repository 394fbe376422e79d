import type { AppConfig } from '../../config/app-config.js';
import { permanent } from '../../contracts/failure.js';
import { nearest } from '../../contracts/nearest.js';
import { coversRule } from '../../contracts/rule-pattern.js';
import { loadRules } from '../app/load-rules.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * Tells of a pattern that covers no rule: a slip would silence nothing.
 * @throws Failure `rule.unknown` with the nearest id, when it is meant to be the id of one.
 */
export async function checkRulePattern(
  pattern: string,
  { rulesDir, connectionsFile }: AppConfig,
  { complain }: Terminal,
): Promise<void> {
  const { sources, problems } = await loadRules(rulesDir, { connectionsFile });
  // Of a file with errors an earlier version may be in force, and that may be the one to silence.
  const faulty = problems.map(({ file }) => file.replace(/^[^/]*\//, '').replace(/\.json$/, ''));
  const ids = new Set([...sources.rules.map(({ id }) => id), ...faulty]);
  if ([...ids].some((id) => coversRule(pattern, id))) return;
  if (pattern.includes('*')) {
    complain(`${pattern} covers no rule that is there now.`);
    return;
  }
  const near = nearest(pattern, ids);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw permanent('rule.unknown', `There is no rule ${pattern} in force.${hint}`);
}
