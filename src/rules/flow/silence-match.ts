import type { CanonicalEvent } from '../../contracts/event.js';
import { namesInstance } from '../../contracts/munchkin-id.js';
import { coversRule } from '../../contracts/rule-pattern.js';
import type { RecurringWindow, Silence, SilencedEvents } from '../../contracts/silence.js';
import { typeMatches } from '../engine/type-pattern.js';
import { nextRun } from './timetable.js';

/** What would act. */
export interface Silenceable {
  readonly ruleId: string;
  readonly event: Pick<CanonicalEvent, 'type' | 'leadId' | 'munchkinId'>;
}

/** A stretch in which a window stays open or closed, epoch milliseconds; `until` is outside. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly isOpen: boolean;
}

/** Looking a run up costs far more than everything else here, and the answer holds for minutes. */
const stretches = new WeakMap<RecurringWindow, Stretch>();

/** The silence that mutes this rule for this event now, epoch milliseconds; of several the one that lasts longest. */
export function silenceOf(
  silences: readonly Silence[],
  { ruleId, event }: Silenceable,
  now: number,
): Silence | undefined {
  let longest: Silence | undefined;
  for (const silence of silences) {
    if (!coversRule(silence.rules, ruleId) || !coversEvent(silence.where, event) || !holds(silence, now))
      continue;
    if (longest === undefined || Date.parse(silence.until) > Date.parse(longest.until)) longest = silence;
  }
  return longest;
}

function coversEvent(
  { leadId, munchkinId, type }: SilencedEvents = {},
  event: Silenceable['event'],
): boolean {
  if (leadId !== undefined && leadId !== event.leadId) return false;
  if (munchkinId !== undefined && !namesInstance([munchkinId], event.munchkinId ?? '')) return false;
  return type === undefined || typeMatches([type], event.type);
}

function holds({ from, until, every }: Silence, now: number): boolean {
  if (now < Date.parse(from) || now >= Date.parse(until)) return false;
  return every === undefined || stretchAt(every, now).isOpen;
}

function stretchAt(window: RecurringWindow, now: number): Stretch {
  const known = stretches.get(window);
  if (known !== undefined && known.from <= now && now < known.until) return known;
  const run = nextRun(window, now - window.forMs) ?? Infinity;
  const isOpen = run <= now;
  const stretch = { from: now, until: isOpen ? run + window.forMs : run, isOpen };
  stretches.set(window, stretch);
  return stretch;
}
