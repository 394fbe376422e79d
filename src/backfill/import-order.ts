import type { Mode, RawBatch, Unreadable } from '../contracts/batch.js';
import type { Target } from './target.js';

/** What somebody wants to have imported, and how. */
export interface ImportOrder {
  readonly target: Target;
  readonly mode: Mode;
  /** Name of this import; its progress is counted under it. */
  readonly run: string;
  /** Of activities that do not say it themselves. */
  readonly munchkinId?: string | undefined;
  /** Reads a batch as the worker will, and tells what cannot be read; `at` ends with the place in the body. */
  readonly unreadable: (batch: RawBatch) => readonly Unreadable[];
}

/** What an import came to so far. */
export interface ImportCounts {
  readonly rows: number;
  /** Those that were stored. */
  readonly events: number;
  readonly batches: number;
  /** Rows, or events in them, that could not be read. */
  readonly refused: number;
}

/** A row that could not be read. */
export interface RefusedRow {
  /** `<file>:<line>` */
  readonly at: string;
  readonly reason: string;
  readonly raw: string;
}
