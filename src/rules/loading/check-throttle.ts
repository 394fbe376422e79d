import { nearest } from '../../contracts/nearest.js';
import { parseDuration } from '../../contracts/duration.js';
import { parsePath, PathError } from '../engine/path.js';
import type { RuleFile } from '../rule-schema.js';
import type { Checked } from './check-context.js';
import { checkFieldName, EVENT_MEMBERS } from './check-field-name.js';
import { error, type Problem } from './problem.js';

/** Checks `throttle`: a path into the event, and a duration. */
export function checkThrottle(checked: Checked, throttle: RuleFile['throttle']): Problem[] {
  if (throttle === undefined) return [];
  return [...checkPer(checked, throttle.per), ...checkEvery(checked, throttle.every)];
}

function checkPer(checked: Checked, per: string): Problem[] {
  const at = ['throttle', 'per'];
  const fail = (message: string, suggestion?: string) => [
    checked.document.at(at, error('throttle.per', message, suggestion)),
  ];
  if (per.startsWith('$') || per.startsWith('[')) {
    return fail('"per" is written without "$", as in "leadId" or "data.campaignId"');
  }
  try {
    const names = parsePath(`$.${per}`);
    const [first = ''] = names;
    if (EVENT_MEMBERS.has(first)) return checkFieldName(checked, { fact: 'event', names }, at);
    return fail(`"per" must begin with a member of the event, not "${first}"`, nearest(first, EVENT_MEMBERS));
  } catch (cause) {
    if (cause instanceof PathError) return fail(cause.message);
    throw cause;
  }
}

/** Ten years: times beyond it may be none that a date can hold. */
const LONGEST_MS = 3_650 * 24 * 3_600_000;

function checkEvery({ document }: Checked, every: string): Problem[] {
  const duration = parseDuration(every);
  if (duration !== undefined && duration > LONGEST_MS)
    return [document.at(['throttle', 'every'], error('throttle.every', '"every" can be "3650d" at most'))];
  if (duration !== undefined && duration > 0) return [];
  const message = `"every" must be a duration such as "30m", "24h" or "7d", not "${every}"`;
  return [document.at(['throttle', 'every'], error('throttle.every', message))];
}
