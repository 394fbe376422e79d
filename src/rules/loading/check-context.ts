import type { DestinationKind } from '../../contracts/connections.js';
import type { Lists } from '../engine/operator.js';
import type { Guards } from './guards.js';
import type { JsoncDocument, Path } from './jsonc-document.js';

/** What there is to refer to, besides the file itself. */
export interface CheckContext {
  /** Kind of each connection that actions can name in `to`. */
  readonly destinations: Readonly<Record<string, DestinationKind>>;
  /** Names of the shared conditions. */
  readonly conditions: ReadonlySet<string>;
  /** Those of them that cannot be used, because their own files have errors. */
  readonly brokenConditions?: ReadonlySet<string>;
  readonly lists: Lists;
}

/** A file under check. */
export interface Checked {
  readonly document: JsoncDocument;
  readonly context: CheckContext;
  /** Known event types that the rule's `on` covers; undefined for a shared condition, which serves any rule. */
  readonly types?: readonly string[];
}

/** Where in a conditions tree we are. */
export interface Branch {
  readonly path: Path;
  /** True under an odd number of `not`. */
  readonly isNegated: boolean;
  readonly guards: Guards;
}
