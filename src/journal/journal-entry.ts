import type { Unreadable } from '../contracts/batch.js';
import type { Decision } from '../contracts/decision.js';
import type { Effect, EffectOutcome, Receipt } from '../contracts/effect.js';

/** How one effect ended. */
export interface EffectRecord {
  readonly effect: Effect;
  readonly outcome: EffectOutcome;
  readonly receipt?: Receipt;
  /** `code: sentence` of the failure that ended it. */
  readonly reason?: string;
}

/** One line of the book. */
export type JournalEntry =
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable }
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'effect'; readonly record: EffectRecord };

/** An entry with its place in the book: `<epoch milliseconds>-<sequence>`. */
export type StoredEntry = JournalEntry & { readonly position: string };
