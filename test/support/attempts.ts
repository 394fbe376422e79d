import type { Attempt } from '../../src/actions/action.js';
import type { Destination, OwnDestination } from '../../src/contracts/connections.js';
import type { Trace } from '../../src/contracts/attempt.js';
import type { Effect } from '../../src/contracts/effect.js';
import { Failure } from '../../src/contracts/failure.js';
import type { JsonObject } from '../../src/contracts/json.js';

/** An effect with everything that does not matter filled in. */
export function effectOf(type: string, params: JsonObject, changes: Partial<Effect> = {}): Effect {
  return {
    v: 1,
    id: 'e00112233445566778899aabbccddeeff',
    type,
    to: 'there',
    params,
    guarantee: 'at-least-once',
    ruleId: 'leads/example',
    ruleVersion: 'abcdef012345',
    eventId: '123-ABC-456:1',
    actionIndex: 0,
    origin: { hour: '2026-05-04T10', source: 'a-source', stream: 'lead-activity' },
    decidedAt: '2026-03-04T05:06:07.000Z',
    ...changes,
  };
}

const UNHEARD: Trace = { sent: () => undefined, answered: () => undefined };

/** An attempt that ends after `timeoutMs` at the latest. */
export function attemptAt<D extends Destination | OwnDestination>(
  destination: D,
  effect: Effect,
  timeoutMs = 5_000,
  trace: Trace = UNHEARD,
): Attempt<D> {
  return { effect, destination, signal: AbortSignal.timeout(timeoutMs), trace };
}

/** The `Failure` that a promise rejects with; anything else is a failed test. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('It succeeded.');
}
