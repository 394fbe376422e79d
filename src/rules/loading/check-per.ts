import { nearest } from '../../contracts/nearest.js';
import { parsePath, PathError } from '../engine/path.js';
import type { Checked } from './check-context.js';
import { checkFieldName, EVENT_MEMBERS } from './check-field-name.js';
import type { Path } from './jsonc-document.js';
import { error, warning, type Problem } from './problem.js';

/** A path into the event as the file says it, or several. */
export type GivenPer = string | readonly string[];

/** Checks a member that names a key by paths into the event; its last step is the member's name. */
export function checkPer(checked: Checked, given: GivenPer, at: Path): Problem[] {
  if (typeof given === 'string') return checkEventPath(checked, given, at);
  return given.flatMap((path, index) => checkEventPath(checked, path, [...at, index]));
}

/** Checks one path into the event: `leadId`, `data.campaignId`. */
export function checkEventPath(checked: Checked, path: string, at: Path): Problem[] {
  const { document } = checked;
  const member = String(at.findLast((step) => typeof step === 'string'));
  const fail = (message: string, suggestion?: string) => [
    document.at(at, error(`path.${member}`, message, suggestion)),
  ];
  if (path.startsWith('$') || path.startsWith('[')) {
    return fail(`"${member}" is written without "$", as in "leadId" or "data.campaignId"`);
  }
  try {
    const names = parsePath(`$.${path}`);
    const [first = ''] = names;
    if (!EVENT_MEMBERS.has(first)) {
      const message = `"${member}" must begin with a member of the event, not "${first}"`;
      return fail(message, nearest(first, EVENT_MEMBERS));
    }
    if (checked.isScheduled === true && first === 'leadId') {
      return [document.at(at, warning('every.lead', NO_LEAD))];
    }
    return checkFieldName(checked, { fact: 'event', names }, at);
  } catch (cause) {
    if (cause instanceof PathError) return fail(cause.message);
    throw cause;
  }
}

export const NO_LEAD = 'a rule with "every" is about no lead: its events have no "leadId"';
