import type { HeldBack } from '../contracts/flow.js';
import { ANNOUNCEMENTS, LISTED, TURNS } from './flow-limits.js';
import { NOTHING_HELD_BACK } from './flow-passage.js';

export interface ThrottleState {
  /** In the order in which they were granted. */
  readonly turns: readonly { readonly event: string; readonly time: number; readonly heldBack: HeldBack }[];
  readonly heldBack: HeldBack;
}

export const NO_TURNS: ThrottleState = { turns: [], heldBack: NOTHING_HELD_BACK };

export function together(a: HeldBack, b: HeldBack): HeldBack {
  return { count: a.count + b.count, events: [...a.events, ...b.events].slice(0, LISTED) };
}

/** The state behind the question of an event for a turn, and the answer: what was held back before it, or until when. */
export function takeTurn(
  { turns, heldBack }: ThrottleState,
  event: string,
  time: number,
  everyMs: number,
): { readonly state: ThrottleState; readonly turn: HeldBack | { readonly until: number } } {
  const own = turns.find((turn) => turn.event === event);
  if (own !== undefined) return { state: { turns, heldBack }, turn: own.heldBack };
  const oldest = turns.length < TURNS ? -Infinity : Math.min(...turns.map((turn) => turn.time));
  const near = turns.find((turn) => Math.abs(turn.time - time) < everyMs);
  if (near === undefined && time >= oldest) {
    const granted = [...turns, { event, time, heldBack }].slice(-TURNS);
    return { state: { turns: granted, heldBack: NOTHING_HELD_BACK }, turn: heldBack };
  }
  const more = heldBack.events.includes(event) ? heldBack : together(heldBack, { count: 1, events: [event] });
  return {
    state: { turns, heldBack: more },
    turn: { until: near === undefined ? oldest : near.time + everyMs },
  };
}

export function announced(times: readonly number[], time: number): readonly number[] {
  return [...new Set([...times, time])].sort((a, b) => a - b).slice(-ANNOUNCEMENTS);
}

/** The last of these times that inhibits at `time`. */
export function inhibiting(times: readonly number[], time: number, withinMs: number): number | undefined {
  return times.findLast((announcement) => announcement <= time && time - announcement < withinMs);
}
