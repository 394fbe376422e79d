import type { ActionSchema } from '../contracts/action-kind.js';
import type { Destination, OwnDestination } from '../contracts/connections.js';
import type { JsonObject } from '../contracts/json.js';
import type { Action } from './action.js';
import type { ConformanceTarget } from './conformance-target.js';

/** A kind of action, with everything that trying it takes. */
export interface ConformanceSubject {
  readonly schema: ActionSchema;
  readonly action: Action;
  /** Rendered parameters, without `to`. */
  readonly params: JsonObject;
  /** The same with a text that somebody else wrote, wherever the kind takes texts; undefined where it takes none. */
  readonly withText: ((text: string) => JsonObject) | undefined;
}

/** The target of a kind of action. */
export type SubjectTarget = ConformanceTarget<Destination | OwnDestination>;
