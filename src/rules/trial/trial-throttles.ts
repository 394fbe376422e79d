import type { CanonicalEvent } from '../../contracts/event.js';
import type { Turn } from '../../state/throttles.js';
import type { Rule } from '../rule.js';
import { throttleKey } from '../throttle-key.js';
import { eventTime } from '../engine/event-time.js';

interface Key {
  readonly turns: { readonly eventId: string; readonly time: number; readonly heldBack: readonly string[] }[];
  heldBack: string[];
}

/** Throttles in memory with the answers that the stored ones give, for as long as one trial lasts. */
export class TrialThrottles {
  private readonly keys = new Map<string, Key>();

  claim({ id, throttle }: Rule, event: CanonicalEvent): Turn {
    if (throttle === undefined) return granted([]);
    const name = JSON.stringify([id, throttleKey(throttle.per, event)]);
    const key = this.keys.get(name) ?? { turns: [], heldBack: [] };
    this.keys.set(name, key);

    const own = key.turns.find(({ eventId }) => eventId === event.id);
    if (own !== undefined) return granted(own.heldBack);
    const time = eventTime(event);
    const blocking = key.turns.find((turn) => Math.abs(turn.time - time) < throttle.everyMs);
    if (blocking !== undefined) {
      if (!key.heldBack.includes(event.id)) key.heldBack.push(event.id);
      return { granted: false, until: blocking.time + throttle.everyMs };
    }
    key.turns.push({ eventId: event.id, time, heldBack: key.heldBack });
    const turn = granted(key.heldBack);
    key.heldBack = [];
    return turn;
  }
}

function granted(events: readonly string[]): Turn {
  return { granted: true, heldBack: { count: events.length, events: events.slice(0, 50) } };
}
