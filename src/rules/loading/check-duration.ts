import { parseDuration } from '../../contracts/duration.js';
import { LONGEST_WITHIN_MS } from '../memory/series-params.js';
import type { Checked } from './check-context.js';
import type { Path } from './jsonc-document.js';
import { error, type Problem } from './problem.js';

const DAY_MS = 24 * 3_600_000;

/** Events are kept no longer for what follows them than for being counted. */
export const LONGEST_WAIT_DAYS = LONGEST_WITHIN_MS / DAY_MS;

/** Ten years: times beyond it may be none that a date can hold. */
export const LONGEST_THROTTLE_DAYS = 3_650;

/** Checks a duration of at least a second and at most so many days; the last step of the path is the member's name. */
export function checkDuration({ document }: Checked, text: string, at: Path, mostDays: number): Problem[] {
  const member = String(at.at(-1));
  const code = `duration.${member}`;
  const duration = parseDuration(text);
  if (duration !== undefined && duration > mostDays * DAY_MS)
    return [document.at(at, error(code, `"${member}" can be "${mostDays}d" at most`))];
  if (duration !== undefined && duration > 0) return [];
  const message = `"${member}" must be a duration such as "30m", "24h" or "7d", not "${text}"`;
  return [document.at(at, error(code, message))];
}
