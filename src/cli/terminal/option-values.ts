import { InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../contracts/clock.js';
import { parseDuration } from '../../contracts/duration.js';
import { parseInstant } from '../../contracts/instant.js';

const DAY_MS = 24 * 3_600_000;

/** Reads the value of an option such as `--limit`. Throws what commander prints when it is no whole number from 1. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}

/** A duration such as `2h`, read as milliseconds. Throws what commander prints when it is none. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms === 0) throw new InvalidArgumentError('Give a duration such as 90m, 6h or 7d.');
  return ms;
}

/** `--since`: how far back, read as milliseconds; 24 hours unless given, and `longestDays` at most. */
export function sinceOption(longestDays: number): Option {
  const read = (text: string): number => {
    const ms = parseDuration(text);
    if (ms === undefined || ms === 0 || ms > longestDays * DAY_MS)
      throw new InvalidArgumentError(`Give a duration such as 90m, 6h or 7d, of ${longestDays}d at most.`);
    return ms;
  };
  return new Option('--since <duration>', `how far back, such as 90m, 6h or 7d; ${longestDays}d at most`)
    .argParser(read)
    .default(DAY_MS, '24h');
}

/** A time such as `2026-11-26T10:00Z`, or how long ago, such as `2h`; read as epoch milliseconds. */
export function moment(text: string): number {
  const ago = parseDuration(text);
  const time = ago === undefined ? parseInstant(text) : systemClock.now() - ago;
  if (time === undefined)
    throw new InvalidArgumentError('Give a time such as 2026-11-26T10:00Z, or 2h for how long ago.');
  return time;
}
