import { Cron } from 'croner';
import { permanent } from '../contracts/failure.js';
import { parseInstant } from '../contracts/instant.js';
import { MUNCHKIN_ID } from '../contracts/munchkin-id.js';
import type { RecurringWindow, Silence, SilencedEvents } from '../contracts/silence.js';

/** What a new silence is to be. */
export interface NewSilence extends Pick<
  Silence,
  'rules' | 'where' | 'owner' | 'reason' | 'every' | 'createdBy'
> {
  /** A time such as `2026-11-24T10:00:00Z`; now unless given. */
  readonly from?: string;
  readonly until: string;
}

/** What is muted for longer should be changed in its rule. */
const LONGEST_MS = 366 * 24 * 3_600_000;

const RULES = /^[^\p{C}\p{Z}]{1,300}$/u;
/** Owners and reasons are shown on terminals and in logs, so nothing that steers them may stand there. */
const LINE = /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u;
const LEAD = /^\d{1,15}$/;
/** A `*` only ends a segment, as in a rule's `on`. */
const TYPE = /^(?=.{1,256}$)[^\s.*]*\*?(?:\.[^\s.*]*\*?)*$/;

/**
 * A silence without its id, with its times in UTC. `now`: epoch milliseconds.
 * @throws Failure `silence.invalid` with one sentence that says what to give.
 */
export function checkNewSilence(wanted: NewSilence, now: number): Omit<Silence, 'id'> {
  const { rules, where, owner, reason, every, createdBy } = wanted;
  if (!RULES.test(rules)) throw invalid('Give the id of a rule, or a pattern such as leads/*.');
  if (!isLine(reason)) throw invalid('Give a reason of 1 to 200 characters in one line.');
  if (!isLine(owner)) throw invalid('Give an owner of 1 to 200 characters in one line.');
  const from = wanted.from === undefined ? now : timeOf('from', wanted.from);
  const until = timeOf('until', wanted.until);
  if (until <= now) throw invalid('The end of a silence must lie in the future.');
  if (until <= from) throw invalid('A silence must end after it begins.');
  if (until > now + LONGEST_MS) throw invalid('A silence can last a year at most.');
  if (where !== undefined) checkWhere(where);
  if (every !== undefined) checkWindow(every);
  return {
    rules,
    ...(where === undefined ? {} : { where }),
    owner,
    reason,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    ...(every === undefined ? {} : { every }),
    createdBy,
    createdAt: new Date(now).toISOString(),
  };
}

function isLine(text: string): boolean {
  return LINE.test(text) && text.trim() !== '';
}

function timeOf(member: string, text: string): number {
  const time = parseInstant(text);
  if (time === undefined) throw invalid(`Give as ${member} a time such as 2026-11-24T10:00:00Z.`);
  return time;
}

function checkWhere({ leadId, munchkinId, type }: SilencedEvents): void {
  if (leadId !== undefined && !LEAD.test(leadId)) throw invalid('Give the id of a lead in digits.');
  if (munchkinId !== undefined && !MUNCHKIN_ID.test(munchkinId))
    throw invalid('Give the id of an instance such as 123-ABC-456.');
  if (type !== undefined && !TYPE.test(type))
    throw invalid(
      'Give an event type such as marketo.activity.newlead, or a pattern such as marketo.audit.*.',
    );
}

function checkWindow({ cron, forMs, timeZone }: RecurringWindow): void {
  if (!Number.isSafeInteger(forMs) || forMs <= 0 || forMs > LONGEST_MS)
    throw invalid('Give as length of the window a duration such as 2h.');
  if (!isTimeZone(timeZone))
    throw invalid(`There is no time zone "${timeZone}": give one such as Europe/Berlin.`);
  if (!recurs(cron, timeZone))
    throw invalid(
      `"${cron}" never comes: give minute, hour, day of month, month and weekday, such as 0 22 * * 6.`,
    );
}

function isTimeZone(timeZone: string): boolean {
  try {
    return timeZone !== '' && Intl.DateTimeFormat('en-US', { timeZone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

function recurs(cron: string, timezone: string): boolean {
  // It would stand for the time at which the silence is read.
  if (cron.includes('?')) return false;
  try {
    return new Cron(cron, { timezone, mode: '5-part', paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

function invalid(message: string): Error {
  return permanent('silence.invalid', message);
}
