import { encodeEntries, encodeNote, noteValue, type Noted, type SeriesEntry } from './log-records.js';
import { CAPACITY, retentionMs } from './retention.js';
import { SeriesLog } from './series-log.js';
import type { Keeps } from './stateful-facts.js';

const HOUR = 3_600_000;

function logOf(
  keeps: Keeps,
  notes: readonly (readonly [time: number, value?: Noted | undefined])[],
): SeriesLog {
  return SeriesLog.decode(keeps, Buffer.concat(notes.map(([time, value]) => encodeNote(keeps, time, value))));
}

/** So many events, one a minute. */
function logOfMinutes(
  keeps: Keeps,
  events: number,
  valueOf: (index: number) => unknown = () => 1,
): SeriesLog {
  return logOf(
    keeps,
    Array.from({ length: events }, (_, index) => [index * 60_000, noteValue(keeps, valueOf(index))]),
  );
}

function compactedLog(log: SeriesLog, horizonMs: number, capacity?: number): SeriesLog {
  return SeriesLog.decode(log.keeps, log.compacted(horizonMs, capacity));
}

describe('a log', () => {
  it('is empty without bytes', () => {
    expect(SeriesLog.decode('times', undefined).entries).toEqual([]);
  });

  it('is in order of time, and of the same time in the order of noting', () => {
    const log = logOf('values', [
      [3, '"a"'],
      [1, '"b"'],
      [3, '"c"'],
    ]);
    log.note(3, '"d"');
    log.note(2, '"e"');
    log.note(1, '"f"');
    expect(log.entries.map(({ value }) => value).join('')).toBe('"b""f""e""a""c""d"');
  });

  it('has numbers of the same time in their own order, noted now or before', () => {
    const log = logOf('numbers', [
      [1, 9],
      [1, 3],
      [2, 1],
    ]);
    for (const value of [5, 1, 11]) log.note(1, value);
    expect(log.entries.map(({ value }) => value)).toEqual([1, 3, 5, 9, 11, 1]);
  });

  it('gives back the entry that it noted', () => {
    const log = logOf('values', [
      [1, '"a"'],
      [2, '"b"'],
    ]);
    expect(log.note(1, '"a"')).toBe(log.entries[1]);
  });

  it('counts the events after one time and not after another', () => {
    const log = logOf('times', [[1], [2], [2], [3]]);
    expect([log.count(0, 9), log.count(1, 2), log.count(2, 3), log.count(3, 9)]).toEqual([4, 2, 1, 0]);
    const merged: readonly SeriesEntry[] = [
      { time: 1, count: 300, value: undefined },
      { time: 2, count: 1, value: undefined },
    ];
    const grown = SeriesLog.decode('times', encodeEntries('times', merged));
    expect([grown.count(0, 2), grown.count(0, 1), grown.count(1, 2)]).toEqual([301, 300, 1]);
  });
});

describe('retention', () => {
  it.each([
    [60_000, HOUR + 60_000],
    [HOUR, 2 * HOUR],
    [24 * HOUR, 48 * HOUR],
  ])('for a horizon of %d ms is %d ms', (horizon, expected) => {
    expect(retentionMs(horizon)).toBe(expected);
  });

  it('drops what is as old as that before the newest event, and nothing younger', () => {
    const log = logOf('times', [[0], [1], [5 * HOUR], [4 * HOUR]]);
    expect(compactedLog(log, 2.5 * HOUR).entries.map(({ time }) => time)).toEqual([1, 4 * HOUR, 5 * HOUR]);
  });
});

describe('compaction', () => {
  it('has nothing to gain from a log whose every entry counts', () => {
    expect(SeriesLog.decode('times', undefined).compacted(HOUR)).toBeUndefined();
    expect(logOfMinutes('times', 60).compacted(HOUR)).toBeUndefined();
    expect(logOfMinutes('times', CAPACITY.times).compacted(24 * HOUR)).toBeUndefined();
  });

  it('merges neighbours of times above the capacity, and keeps their number', () => {
    const log = compactedLog(logOfMinutes('times', 600), 24 * HOUR);
    expect(log.entries.length).toBeLessThanOrEqual(CAPACITY.times / 2);
    expect(log.count(-1, 600 * 60_000)).toBe(600);
    expect(log.entries.at(-1)?.time).toBe(599 * 60_000);
  });

  it('merges no more than it must: a burst costs the time around it nothing', () => {
    const burst = Array.from({ length: 20 }, (_, index) => [HOUR + index] as const);
    const log = compactedLog(logOf('times', [[0], ...burst, [HOUR + 5_000]]), HOUR + 6_000, 16);
    const times = log.entries.map(({ time }) => time);
    expect([times[0], times.at(-1)]).toEqual([0, HOUR + 5_000]);
    expect(times.slice(1, -1).every((time) => time >= HOUR && time < HOUR + 20)).toBe(true);
  });

  it('leaves a short window whole when only what late events ask for is too much', () => {
    const seconds = Array.from({ length: 3_600 }, (_, index) => [index * 1_000] as const);
    const log = compactedLog(logOf('times', seconds), 60_000);
    expect(log.entries.length).toBeLessThanOrEqual(CAPACITY.times);
    expect(log.entries.slice(-60).every(({ count }) => count === 1)).toBe(true);
    expect(log.count(-1, HOUR)).toBe(3_600);
  });

  it('adds up numbers, and keeps the lowest and the highest', () => {
    const log = compactedLog(
      logOfMinutes('numbers', 600, (index) => (index % 100) - 50),
      24 * HOUR,
    );
    const lows = log.entries.map(({ value, range }) => range?.min ?? value);
    const highs = log.entries.map(({ value, range }) => range?.max ?? value);
    expect(log.entries.reduce((sum, { value }) => sum + Number(value), 0)).toBe(-300);
    expect([Math.min(...lows.map(Number)), Math.max(...highs.map(Number))]).toEqual([-50, 49]);
  });

  it('never merges more events into one entry than its count can hold', () => {
    const counts = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 40_000 : 1));
    const entries = counts.map((count, time) => ({ time, count, value: undefined }));
    const log = compactedLog(SeriesLog.decode('times', encodeEntries('times', entries)), HOUR, 4);
    expect(log.entries.length).toBe(10);
    expect(log.count(-1, HOUR)).toBe(400_010);
  });

  it('keeps the first and the last of each value, of those that were seen last', () => {
    const log = logOf('hashes', [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 2],
      [5, 1],
      [6, 3],
    ]);
    const { entries } = compactedLog(log, HOUR, 4);
    expect(entries.map(({ time, value }) => [time, value])).toEqual([
      [1, 1],
      [3, 3],
      [5, 1],
      [6, 3],
    ]);
  });

  it('keeps the newest values', () => {
    const log = compactedLog(
      logOfMinutes('values', 40, (index) => index),
      24 * HOUR,
    );
    expect(log.entries.map(({ value }) => Number(value))).toEqual(
      Array.from({ length: 16 }, (_, at) => at + 24),
    );
  });

  it('gives the same again when there is nothing new', () => {
    const bytes = logOfMinutes('numbers', 600).compacted(24 * HOUR);
    expect(SeriesLog.decode('numbers', bytes).compacted(24 * HOUR)).toBeUndefined();
  });
});

describe('a log is overdue', () => {
  it.each<[Keeps, number]>([
    ['times', 1024],
    ['numbers', 1024],
    ['hashes', 2048],
    ['values', 32],
  ])('when one of %s has more than %d entries', (keeps, most) => {
    expect(logOfMinutes(keeps, most).isOverdue(3_000 * HOUR)).toBe(false);
    expect(logOfMinutes(keeps, most + 1).isOverdue(3_000 * HOUR)).toBe(true);
  });

  it('when most of it is too old, and that is more than a few entries', () => {
    const horizon = HOUR;
    const aliveMinutes = retentionMs(horizon) / 60_000;
    expect(logOfMinutes('times', 2 * aliveMinutes).isOverdue(horizon)).toBe(false);
    expect(logOfMinutes('times', 2 * aliveMinutes + 1).isOverdue(horizon)).toBe(true);
    const old = (length: number): SeriesLog =>
      logOf('times', [...Array.from({ length }, () => [0] as const), [99 * HOUR]]);
    expect(old(16).isOverdue(horizon)).toBe(false);
    expect(old(17).isOverdue(horizon)).toBe(true);
  });
});
