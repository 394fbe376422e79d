import { nearest } from '../../contracts/nearest.js';
import type { RuleFile } from '../rule-schema.js';
import { DAY_NAMES, parseDays, parseHours } from './read-active-hours.js';
import type { Checked } from './check-context.js';
import { parseExpiry } from './expiry.js';
import type { Path } from './jsonc-document.js';
import { error, warning, type Problem } from './problem.js';
import { textsOf } from './texts-of.js';
import { isTimeZone, nearestTimeZone } from './time-zone.js';
import { timetableOf, timetableProblem } from './read-every.js';

/** Checks what goes by the clock: `timeZone`, `activeHours`, `expires` and `every`. */
export function checkTimes(checked: Checked, source: RuleFile): Problem[] {
  const { timeZone, activeHours } = source;
  const zones = [
    ...checkZone(checked, timeZone, ['timeZone']),
    ...checkZone(checked, activeHours?.timeZone, ['activeHours', 'timeZone']),
  ];
  const zone = timeZone !== undefined && isTimeZone(timeZone) ? timeZone : 'UTC';
  return [
    ...zones,
    ...checkActiveHours(checked, activeHours),
    ...checkExpires(checked, source.expires, zone),
    ...checkEvery(checked, source.every, zone),
  ];
}

function checkZone({ document }: Checked, timeZone: string | undefined, at: Path): Problem[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  const message = `"${timeZone}" is not the name of a time zone, such as "Europe/Berlin"`;
  return [document.at(at, error('time-zone.unknown', message, nearestTimeZone(timeZone)))];
}

function checkActiveHours({ document }: Checked, activeHours: RuleFile['activeHours']): Problem[] {
  const { days = [], hours } = activeHours ?? {};
  const problems: Problem[] = [];
  for (const [index, entry] of textsOf(days).entries()) {
    const stranger = parseDays(entry);
    if (typeof stranger !== 'string') continue;
    const at = ['activeHours', 'days', ...(typeof days === 'string' ? [] : [index])];
    const message = `"${stranger}" is no day: write "mon-fri", "sat,sun" or a list of ${DAY_NAMES.join(' ')}`;
    problems.push(document.at(at, error('active-hours.days', message, nearest(stranger, DAY_NAMES))));
  }
  if (hours === undefined || parseHours(hours) !== undefined) return problems;
  const message = `"hours" must be from and to such as "09:00-18:00" or "22:00-06:00", not "${hours}"`;
  return [...problems, document.at(['activeHours', 'hours'], error('active-hours.hours', message))];
}

function checkExpires({ document }: Checked, expires: string | undefined, zone: string): Problem[] {
  if (expires === undefined) return [];
  const end = parseExpiry(expires, zone);
  if (end === undefined) {
    const message = `"expires" must be a date such as "2026-12-31" or a time such as "2026-12-31T18:00:00Z", not "${expires}"`;
    return [document.at(['expires'], error('expires.no-time', message))];
  }
  if (end > Date.now()) return [];
  const message = `this rule is off: it ended with ${expires}; take it away, or give it another end`;
  return [document.at(['expires'], warning('expires.past', message))];
}

function checkEvery({ document }: Checked, every: RuleFile['every'], zone: string): Problem[] {
  if (every === undefined) return [];
  const problem = timetableProblem(timetableOf(every).cron, zone);
  if (problem === undefined) return [];
  const at = typeof every === 'string' ? ['every'] : ['every', 'cron'];
  return [document.at(at, error('every.cron', `"${String(at.at(-1))}" ${problem}`))];
}
