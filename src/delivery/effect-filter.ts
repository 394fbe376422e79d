import type { Effect } from '../contracts/effect.js';
import { leadOwner } from '../contracts/lead-owner.js';
import { MUNCHKIN_ID } from '../contracts/munchkin-id.js';
import { coversRule } from '../contracts/rule-pattern.js';
import type { LedgerEntry, Standing } from './ledger-entry.js';

/** How a lead is named: `5001`, or `123-ABC-456/5001` where there are several instances. */
export const LEAD_NAME = /^([A-Z0-9]{3}(-[A-Z0-9]{3}){2}\/)?[1-9]\d{0,18}$/i;

/** Which effects somebody looks for. What is left out is not asked for. */
export interface EffectFilter {
  /** Id of the rule, `leads/*` for a folder, `*` for any. */
  readonly rule?: string;
  /** Name of the destination. */
  readonly to?: string;
  /** Id of the event. */
  readonly event?: string;
  /** As `LEAD_NAME` says. */
  readonly lead?: string;
  /** `queued`: it waits in its lane, and the ledger knows nothing of it yet. */
  readonly outcome?: Standing | 'queued';
  /** When it changed last: not before, and not after. Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
  /** Somewhere in what was sent, answered or said, capitals or not. */
  readonly text?: string;
}

/** Whether it is the one that is looked for, but for its time. */
export function matchesEntry(entry: LedgerEntry, filter: EffectFilter): boolean {
  const { outcome, text } = filter;
  if (outcome !== undefined && entry.standing !== outcome) return false;
  return matchesEffect(entry.effect, filter) && (text === undefined || holds(entry, text));
}

/** As far as the effect itself can tell. */
export function matchesEffect(effect: Effect, { rule, to, event, lead }: EffectFilter): boolean {
  if (rule !== undefined && !coversRule(rule, effect.ruleId)) return false;
  if (to !== undefined && effect.to !== to) return false;
  if (event !== undefined && effect.eventId !== event) return false;
  return lead === undefined || isAbout(effect, lead);
}

/** Effects name people by their owner alone; the event tells of which instance they are. */
function isAbout({ eventId, people = [] }: Effect, lead: string): boolean {
  const slash = lead.lastIndexOf('/');
  const ofEvent = eventId.slice(0, Math.max(0, eventId.indexOf(':')));
  const known = MUNCHKIN_ID.test(ofEvent) ? ofEvent : undefined;
  const instance = slash === -1 ? known : lead.slice(0, slash);
  return people.includes(leadOwner(instance, lead.slice(slash + 1)));
}

function holds({ effect, reason, receipt, log }: LedgerEntry, text: string): boolean {
  return JSON.stringify([effect, reason, receipt, log]).toLowerCase().includes(text.toLowerCase());
}
