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
  // New events that the journal brought: beside a webhook, those that the webhook had not brought.
  'filled',
  // What the decided ones led to; `effects` is the sum of the others and of what still waits.
  'effects',
  'done',
  'failed',
  'unknown',
  // Decided against before they were sent.
  'suppressed',
  // Wait until a person releases or discards them.
  'held',
] as const;
export type LedgerCount = (typeof LEDGER_COUNTS)[number];

/** `time`: RFC 3339 in UTC. */
export function hourOf(time: string): Hour {
  return time.slice(0, 13);
}

/** Hours of the ledger are kept this long after their last change. */
export const LEDGER_KEEP_SECONDS = 40 * 24 * 3_600;

const HOUR_MS = 3_600_000;

/**
 * The hour in which an event counts that was received then: that of its own time, or of the receipt when it claims to
 * come from the future or from before what the ledger keeps. Otherwise a sender could make up hours without end.
 */
export function ledgerHours(receivedAt: string): (time: string) => Hour {
  const received = Date.parse(receivedAt);
  const oldest = hourOf(new Date(received - LEDGER_KEEP_SECONDS * 1_000).toISOString());
  const newest = hourOf(new Date(received + HOUR_MS).toISOString());
  const ofReceipt = hourOf(receivedAt);
  return (time) => {
    const hour = hourOf(time);
    // Hours of four-digit years in UTC sort as text.
    return hour > oldest && hour <= newest ? hour : ofReceipt;
  };
}

/** Accepted deliveries of one source that the events queue still holds: request bodies, by the hour of their receipt. */
export interface QueuedDeliveries {
  readonly source: string;
  readonly hour: Hour;
  readonly waiting: number;
  /** Given up until a person puts them back. */
  readonly dead: number;
}

/** Effects of one line that the actions queue still holds. */
export interface QueuedEffects extends LedgerLine {
  readonly waiting: number;
  readonly dead: number;
}

/** What the queues hold. It is asked for only where the ledger says that something has not come to its end. */
export interface QueuedWork {
  deliveries(): Promise<readonly QueuedDeliveries[]>;
  effects(): Promise<readonly QueuedEffects[]>;
}
