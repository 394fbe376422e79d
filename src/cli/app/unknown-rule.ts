import type { AppConfig } from '../../config/app-config.js';
import { nearest } from '../../contracts/nearest.js';
import { coversRule } from '../../contracts/rule-pattern.js';
import { loadRules } from './load-rules.js';

/**
 * What to say of an id or a pattern that covers no rule: that there is none such in force, with the nearest id. Undefined
 * when it covers one, or a file with errors, of which an earlier version may be in force. `others`: ids that could be meant
 * as well.
 */
export async function unknownRule(
  pattern: string,
  { rulesDir, connectionsFile }: AppConfig,
  others: readonly string[] = [],
): Promise<string | undefined> {
  const { sources, problems } = await loadRules(rulesDir, { connectionsFile });
  const faulty = problems.map(({ file }) => file.replace(/^[^/]*\//, '').replace(/\.json$/, ''));
  const ids = new Set([...sources.rules.map(({ id }) => id), ...faulty]);
  if ([...ids].some((id) => coversRule(pattern, id))) return undefined;
  if (pattern.includes('*')) return `${pattern} covers no rule that is there now.`;
  const near = nearest(pattern, [...ids, ...others]);
  return `There is no rule ${pattern} in force.${near === undefined ? '' : ` Did you mean ${near}?`}`;
}
