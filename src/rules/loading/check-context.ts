import type { DestinationKind } from '../../contracts/connections.js';
import type { Destinations } from '../destinations.js';
import type { Lists } from '../engine/operator.js';
import type { FactNames } from './condition-tree.js';
import type { Guards } from './guards.js';
import type { JsoncDocument, Path } from './jsonc-document.js';

/** What there is to refer to, besides the file itself. */
export interface CheckContext {
  /** Kind of each connection that actions can name in `to`. */
  readonly destinations: Readonly<Record<string, DestinationKind>>;
  /** The connections themselves, where they are known. */
  readonly connections?: Destinations;
  /** Ids of all rule files, good or not. */
  readonly ruleIds: ReadonlySet<string>;
  /** Names of the shared conditions. */
  readonly conditions: ReadonlySet<string>;
  /** Those of them that cannot be used, because their own files have errors. */
  readonly brokenConditions?: ReadonlySet<string>;
  /** Those of them that an event alone cannot answer, each with the fact that keeps it from that. */
  readonly beyondEvent?: ReadonlyMap<string, string>;
  /** Names under which texts can tell what their facts that remember came to. */
  readonly factNames?: FactNames;
  readonly lists: Lists;
}

/** A file under check, or a part of it that looks at other events than the rest. */
export interface Checked {
  readonly document: JsoncDocument;
  readonly context: CheckContext;
  /** Known event types that `on` covers; undefined when it may be any, as for a shared condition, which serves any rule. */
  readonly types?: readonly string[];
  /** The events that a stateful fact counts unless it says which; undefined where it must say. */
  readonly on?: readonly string[];
  /** The member whose conditions look at one event alone, such as `where`. */
  readonly alone?: string;
  /** True for a rule that a timetable sets off, and so nobody's doing. */
  readonly isScheduled?: boolean;
}

/** Where in a conditions tree we are. */
export interface Branch {
  readonly path: Path;
  /** True under an odd number of `not`. */
  readonly isNegated: boolean;
  readonly guards: Guards;
}
