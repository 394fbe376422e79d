import type { RawBatch } from '../../contracts/batch.js';
import type { CanonicalEvent, Oddity } from '../../contracts/event.js';
import { readTime } from './time.js';

/** What every event of a batch has in common. */
export type Receipt = Pick<RawBatch, 'source' | 'receivedAt'>;

export type EventTime = Pick<CanonicalEvent, 'time' | 'receivedAt' | 'untimed'>;

/** The time of an event that should tell one. */
export function eventTime(value: unknown, { receivedAt }: Receipt, oddities: Oddity[]): EventTime {
  const time = readTime(value, receivedAt, oddities);
  const untimed = oddities.includes('unreadable-time');
  return untimed ? { time, untimed, receivedAt } : { time, receivedAt };
}

/** The time of an event that need not tell one. */
export function timeOfReceipt({ receivedAt }: Receipt): EventTime {
  return { time: receivedAt, untimed: true, receivedAt };
}
