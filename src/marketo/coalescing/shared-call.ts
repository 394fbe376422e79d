import type { Trace } from '../../contracts/attempt.js';
import type { MarketoDestination } from '../../contracts/connections.js';
import type { Priority } from '../../contracts/effect.js';
import type { JsonObject } from '../../contracts/json.js';
import { instanceKey } from '../../contracts/munchkin-id.js';
import type { MarketoCall } from '../marketo-client.js';

/** A call that takes a row for each of several effects. */
export interface SharedCall {
  /** Names it in the metrics: an action kind, or what is read for one. */
  readonly kind: string;
  /** What else the effects of one call must have in common, such as a list or a campaign. */
  readonly target: readonly unknown[];
  /** Rows that it takes. */
  readonly most: number;
  /** The longest that it may take, milliseconds. */
  readonly timeoutMs: number;
  /** Codes that are about what its rows share, while elsewhere they are about one record. */
  readonly forAll?: readonly string[];
  request(rows: readonly JsonObject[]): Pick<MarketoCall, 'method' | 'path' | 'body'>;
  /** What the answer says of the row at `index` of the request; by position unless given. */
  told?(answer: readonly JsonObject[], index: number, row: JsonObject): JsonObject | undefined;
}

/** What one effect wants to go with a call. */
export interface CallPart {
  readonly instance: MarketoDestination;
  readonly call: SharedCall;
  readonly row: JsonObject;
  /** Two rows of one key never go in one call, and the later one only when the earlier is over. */
  readonly rowKey?: string;
  /** `normal` unless given. */
  readonly priority?: Priority | undefined;
  /** Ends the waiting of this effect alone. */
  readonly signal: AbortSignal;
  readonly trace: Trace;
}

/** What a call that succeeded says of one effect's row; undefined when it says nothing. */
export type ToldRow = JsonObject | undefined;

/** The same for parts that may go together. */
export function sharedKey({ instance, call }: CallPart): string {
  const { munchkinId, origin, clientId } = instance;
  return JSON.stringify([instanceKey(munchkinId), origin, clientId, call.kind, call.target]);
}
