import type { MarketoDestination } from '../../contracts/connections.js';
import type { JsonObject } from '../../contracts/json.js';
import type { Coalescer, SharedCall, ToldRow } from '../../marketo/coalescer.js';
import { BUDGET_TIME_MS } from '../../marketo/marketo-calls.js';
import { TOKEN_TIME_MS } from '../../marketo/marketo-client.js';
import type { Attempt } from '../action.js';

/** The longest that an attempt of these calls, one after the other, can take; all in milliseconds. */
export function attemptTimeMs(...callTimesMs: readonly number[]): number {
  return callTimesMs.reduce((sum, timeMs) => sum + timeMs + BUDGET_TIME_MS, TOKEN_TIME_MS);
}

/** Sends the row of one effect with a call that others may share. Throws a `Failure`. */
export function shareCall(
  coalescer: Coalescer,
  { effect, destination, signal, trace }: Attempt<MarketoDestination>,
  call: SharedCall,
  part: { readonly row: JsonObject; readonly rowKey?: string },
): Promise<ToldRow> {
  return coalescer.send({
    ...part,
    ...{ instance: destination, call, signal, trace, priority: effect.priority },
  });
}
