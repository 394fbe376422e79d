import { highestOf, lowestOf, MOST_EVENTS, numberOf, type SeriesEntry } from './log-records.js';
import { retentionMs } from './retention.js';
import type { Keeps } from './stateful-facts.js';

/**
 * At most `capacity` of the entries of a log, which are in order of time and more than that.
 *
 * Of `values` the newest stay. Of `hashes` the values that were seen last stay, each with its first and last entry: what
 * events in time ask is answered exactly, up to `capacity / 2` different values. Of `times` and `numbers` neighbours are
 * merged, those within the horizon and those before it apart, each into half the capacity. So at the edges of a window,
 * and only there, events count wrongly that are off by less than a cell: for a capacity of 512 the 255th part of the
 * horizon at most; for events that come late, of the horizon or an hour, whichever is longer.
 */
export function condensed(
  keeps: Keeps,
  entries: readonly SeriesEntry[],
  horizonMs: number,
  capacity: number,
): readonly SeriesEntry[] {
  if (keeps === 'values') return entries.slice(-capacity);
  const half = Math.floor(capacity / 2);
  if (keeps === 'hashes') return endsOfValues(entries, half);
  const horizon = (entries.at(-1)?.time ?? 0) - horizonMs;
  const late = entries.filter(({ time }) => time <= horizon);
  const recent = entries.slice(late.length);
  return [...fitted(late, half, retentionMs(horizonMs) - horizonMs), ...fitted(recent, half, horizonMs)];
}

/** Cells are tried from so many times halved on, which is a millisecond or less. */
const HALVINGS = 20;

/**
 * Merges what lies in one cell, for the narrowest cells that leave at most `most` of the entries, which lie within
 * `spanMs`. Cells begin with the epoch and each lies within one of twice the width: however often a log is condensed,
 * what was merged never leaves the widest cell.
 */
function fitted(entries: readonly SeriesEntry[], most: number, spanMs: number): readonly SeriesEntry[] {
  const widest = spanMs / (most - 1);
  let merged = entries;
  for (let halvings = HALVINGS; merged.length > most && halvings >= 0; halvings -= 1)
    merged = mergedInCells(merged, widest / 2 ** halvings);
  return merged;
}

function mergedInCells(entries: readonly SeriesEntry[], width: number): SeriesEntry[] {
  const merged: SeriesEntry[] = [];
  for (const entry of entries) {
    const last = merged.at(-1);
    const isNear = last !== undefined && Math.floor(last.time / width) === Math.floor(entry.time / width);
    if (isNear && last.count + entry.count <= MOST_EVENTS) merged[merged.length - 1] = union(last, entry);
    else merged.push(entry);
  }
  return merged;
}

function union(one: SeriesEntry, next: SeriesEntry): SeriesEntry {
  const { time } = next;
  const count = one.count + next.count;
  if (next.value === undefined) return { time, count, value: undefined };
  const range = {
    min: Math.min(lowestOf(one), lowestOf(next)),
    max: Math.max(highestOf(one), highestOf(next)),
  };
  return { time, count, value: numberOf(one) + numberOf(next), range };
}

/** The first and the last entry of each of the `most` values that were seen last. */
function endsOfValues(entries: readonly SeriesEntry[], most: number): readonly SeriesEntry[] {
  const last = new Map(entries.map((entry) => [entry.value, entry]));
  const first = new Map(entries.toReversed().map((entry) => [entry.value, entry]));
  const newest = [...last.values()].sort((one, other) => one.time - other.time).slice(-most);
  const kept = new Set(newest.flatMap((entry) => [first.get(entry.value), entry]));
  return entries.filter((entry) => kept.has(entry));
}
