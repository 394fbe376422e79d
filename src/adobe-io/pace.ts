import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../contracts/clock.js';

/** Time that passes, injected wherever something waits for it. */
export interface Pace extends Clock {
  /** Resolves after that many milliseconds, or at once when the signal is or gets aborted. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const PACE = Symbol('Pace');

export const systemPace: Pace = {
  now: () => Date.now(),
  wait: async (ms, signal) => {
    await pause(ms, undefined, { signal }).catch(() => undefined);
  },
};
