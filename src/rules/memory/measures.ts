import { parseJson } from '../../contracts/json.js';
import { highestOf, logTime, lowestOf, numberOf, type Noted, type SeriesEntry } from './log-records.js';
import { retentionMs } from './retention.js';
import type { SeriesLog } from './series-log.js';
import { horizonMs, type Measurement } from './series-params.js';

/** The event that asks. */
export interface Asking {
  /** Event time, epoch milliseconds. */
  readonly time: number;
  /** What was noted of it in this log; missing when it is none of the series. */
  readonly own?: SeriesEntry | undefined;
  /** What `noteValue` gives for it, whether it was noted or not. */
  readonly value?: Noted | undefined;
}

/** `distinct` counts no further. */
const MOST_DISTINCT = 512;

/**
 * What a stateful fact is at an event, by its log in which the event itself is noted already. Windows reach from
 * `withinMs` before the event, exclusive, to the event, inclusive; what is later than the event never counts.
 * `STATEFUL_FACTS` says what each is. Undefined where it is missing.
 */
export function measure(question: Measurement, log: SeriesLog, asking: Asking): unknown {
  const until = logTime(asking.time);
  const after = until - question.withinMs;
  switch (question.measure) {
    case 'count':
      return log.count(after, until);
    case 'distinct':
      return Math.min(valuesOf(log.between(after, until)).size, MOST_DISTINCT);
    case 'sum':
      return sumOf(log.between(after, until));
    case 'min':
      return extremeOf(log.between(after, until), lowestOf, Math.min);
    case 'max':
      return extremeOf(log.between(after, until), highestOf, Math.max);
    case 'avg':
      return quotient(sumOf(log.between(after, until)), log.count(after, until));
    case 'spike':
      return spike(log, until, question);
    case 'sinceLast':
      return secondsBetween(entryBefore(log, after, asking), until);
    case 'previous':
      return valueOf(entryBefore(log, after, asking));
    case 'changed':
      return isAnother(entryBefore(log, after, asking), asking.value);
    case 'firstSeen':
      return isFirst(log.between(after, until), asking);
  }
}

function valuesOf(window: readonly SeriesEntry[]): ReadonlySet<unknown> {
  const values = new Set<unknown>();
  for (const { value } of window) values.add(value);
  return values;
}

/** In order of time, so that the same events have the same sum in whatever order they came. */
function sumOf(window: readonly SeriesEntry[]): number {
  return window.reduce((sum, entry) => sum + numberOf(entry), 0);
}

function extremeOf(
  window: readonly SeriesEntry[],
  ofEntry: (entry: SeriesEntry) => number,
  choose: (one: number, other: number) => number,
): number | undefined {
  return window
    .map(ofEntry)
    .reduce<number | undefined>(
      (found, number) => (found === undefined ? number : choose(found, number)),
      undefined,
    );
}

function quotient(dividend: number, divisor: number): number | undefined {
  return divisor === 0 ? undefined : dividend / divisor;
}

/**
 * The rate in the current window beside the rate before it: over all windows of the reference, or since the first entry
 * that is known when that is less. Missing while less than one window is known, and while nothing lies there. An entry
 * from before the reference shows that it is known as a whole; but what is so old that compacting may have dropped it
 * is left out of account, so that the answer does not depend on when a log was compacted.
 */
function spike(log: SeriesLog, until: number, question: Measurement): number | undefined {
  const { withinMs, windows } = question;
  const start = until - withinMs;
  const first = log.entries[log.indexAfter(until - retentionMs(horizonMs(question)))];
  if (first === undefined) return undefined;
  const coveredMs = Math.min(windows * withinMs, start - first.time);
  if (coveredMs < withinMs) return undefined;
  const reference = log.count(start - windows * withinMs, start);
  return quotient(log.count(start, until) * coveredMs, reference * withinMs);
}

/** The last entry in the window besides the event's own. */
function entryBefore(log: SeriesLog, after: number, { time, own }: Asking): SeriesEntry | undefined {
  const last = log.indexAfter(logTime(time)) - 1;
  const entry = log.entries[last];
  const before = entry !== undefined && entry === own ? log.entries[last - 1] : entry;
  return before !== undefined && before.time > after ? before : undefined;
}

function secondsBetween(entry: SeriesEntry | undefined, until: number): number | undefined {
  return entry && (until - entry.time) / 1_000;
}

function valueOf(entry: SeriesEntry | undefined): unknown {
  return typeof entry?.value === 'string' ? parseJson(entry.value) : undefined;
}

function isAnother(before: SeriesEntry | undefined, value: Noted | undefined): boolean {
  return before !== undefined && before.value !== value;
}

function isFirst(window: readonly SeriesEntry[], { own, value }: Asking): boolean | undefined {
  return value === undefined ? undefined : !window.some((entry) => entry !== own && entry.value === value);
}
