import type { Buffer } from 'node:buffer';
import { condensed } from './condense.js';
import {
  decodeEntries,
  encodeEntries,
  logTime,
  numberOf,
  type Noted,
  type SeriesEntry,
} from './log-records.js';
import { CAPACITY, retentionMs } from './retention.js';
import type { Keeps } from './stateful-facts.js';

/** A log is not written anew for so few entries that are too old. */
const FEW = 16;

/**
 * The log of a series for one key, in order of event time. Of the same time, entries stand in the order in which they
 * were noted, and numbers in their own order, so that their sum is the same in whatever order they came.
 */
export class SeriesLog {
  private readonly sorted: SeriesEntry[];
  /** True when no entry stands for several events. */
  private readonly isWhole: boolean;

  private constructor(
    readonly keeps: Keeps,
    noted: SeriesEntry[],
  ) {
    const order = keeps === 'numbers' ? byTimeAndNumber : byTime;
    const isSorted = noted.every((entry, at) => {
      const previous = noted[at - 1];
      return previous === undefined || order(previous, entry) <= 0;
    });
    this.sorted = isSorted ? noted : noted.sort(order);
    this.isWhole = noted.every(({ count }) => count === 1);
  }

  /** Never throws: bytes that are no records are left out, with all that follows them. */
  static decode(keeps: Keeps, bytes: Buffer | undefined): SeriesLog {
    return new SeriesLog(keeps, bytes === undefined ? [] : decodeEntries(keeps, bytes));
  }

  get entries(): readonly SeriesEntry[] {
    return this.sorted;
  }

  /**
   * Notes an event, as `encodeNote` writes it into the bytes.
   * @returns the entry, by which a question leaves the event itself out
   */
  note(time: number, value?: Noted): SeriesEntry {
    const entry: SeriesEntry = { time: logTime(time), count: 1, value };
    let place = this.indexAfter(entry.time);
    if (this.keeps === 'numbers') while (this.isBelow(entry, this.sorted[place - 1])) place -= 1;
    if (place === this.sorted.length) this.sorted.push(entry);
    else this.sorted.splice(place, 0, entry);
    return entry;
  }

  /** Index of the first entry after a time: how many are not after it. */
  indexAfter(time: number): number {
    let low = 0;
    let high = this.sorted.length;
    // Most events are newer than all before them.
    if ((this.sorted[high - 1]?.time ?? time) <= time) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle]?.time ?? time) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The entries after one time and not after another. */
  between(after: number, until: number): readonly SeriesEntry[] {
    return this.sorted.slice(this.indexAfter(after), this.indexAfter(until));
  }

  /** How many events lie there. */
  count(after: number, until: number): number {
    const first = this.indexAfter(after);
    const end = this.indexAfter(until);
    if (this.isWhole) return end - first;
    let count = 0;
    for (let at = first; at < end; at += 1) count += this.sorted[at]?.count ?? 0;
    return count;
  }

  /** True when it should be written anew: more than half of it is too old or above the capacity. */
  isOverdue(horizonMs: number): boolean {
    const old = this.indexAfter(this.oldest(horizonMs));
    const alive = this.sorted.length - old;
    return this.sorted.length > 2 * CAPACITY[this.keeps] || old > Math.max(alive, FEW);
  }

  /**
   * The bytes of the same log without what is too old for any question, and in no more than `capacity` entries (see
   * `condensed`); undefined when that is not less.
   */
  compacted(horizonMs: number, capacity = CAPACITY[this.keeps]): Buffer | undefined {
    const alive = this.sorted.slice(this.indexAfter(this.oldest(horizonMs)));
    const kept = alive.length <= capacity ? alive : condensed(this.keeps, alive, horizonMs, capacity);
    return kept.length < this.sorted.length ? encodeEntries(this.keeps, kept) : undefined;
  }

  /** What is not after this time matters no more. Time goes by the newest event, not by a clock. */
  private oldest(horizonMs: number): number {
    return (this.sorted.at(-1)?.time ?? 0) - retentionMs(horizonMs);
  }

  /** True when a number stands before another of the same time. */
  private isBelow(entry: SeriesEntry, other: SeriesEntry | undefined): boolean {
    return other?.time === entry.time && numberOf(entry) < numberOf(other);
  }
}

function byTime(one: SeriesEntry, other: SeriesEntry): number {
  return one.time - other.time;
}

function byTimeAndNumber(one: SeriesEntry, other: SeriesEntry): number {
  return one.time - other.time || numberOf(one) - numberOf(other);
}
