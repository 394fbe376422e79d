import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../contracts/duration.js';

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
