import type { Stream } from './event.js';

/** `2026-11-24T10`: an hour of UTC. */
export type Hour = string;

/** A line of the ledger of completeness: what became of the events of one stream and source that happened in an hour. */
export interface LedgerLine {
  /** Of the events' own time; of the receipt for what could not be read. */
  readonly hour: Hour;
  readonly source: string;
  /** `unread` for what could not be read: nobody knows its stream. */
  readonly stream: Stream | 'unread';
}

/** What is counted on a line. */
export const LEDGER_COUNTS = [
  // Where events came from; each counts once for every time that it came.
  'webhook',
  'journal',
  'import',
  'engine',
  // What became of them. These add up to the ones above.
  'decided',
  'history',
  'duplicates',
  'quarantined',
  // What the decided ones led to; `effects` is the sum of the others and of what still waits.
  'effects',
  'done',
  'failed',
  'unknown',
] as const;
export type LedgerCount = (typeof LEDGER_COUNTS)[number];

export function hourOf(time: string): Hour {
  return time.slice(0, 13);
}
