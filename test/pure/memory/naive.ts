import type { SeriesQuestion } from '../../../src/rules/memory/series-params.js';

/** An event as a plain list remembers it. */
export interface PlainNote {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly value: unknown;
}

/**
 * Every stateful fact over a plain list of all events in the order in which they came, `asking` among them when it is
 * one of the series.
 */
export function naiveMeasure(
  { measure, withinMs, windows }: Pick<SeriesQuestion, 'measure' | 'withinMs' | 'windows'>,
  notes: readonly PlainNote[],
  asking: PlainNote,
): unknown {
  const { time } = asking;
  const lying = (after: number, until: number): readonly PlainNote[] =>
    notes
      .filter((note) => note.time > after && note.time <= until)
      .sort((one, other) => one.time - other.time);
  const window = lying(time - withinMs, time);
  const others = window.filter((note) => note !== asking);
  const last = others.at(-1);
  const numbers = window.map(({ value }) => Number(value)).filter((value) => !Number.isNaN(value));
  const sum = numbers.reduce((one, other) => one + other, 0);
  const before = lying(time - (windows + 1) * withinMs, time - withinMs).length;
  const horizon = (windows + 1) * withinMs;
  const [first] = lying(time - Math.max(2 * horizon, horizon + 3_600_000), time);
  const covered = Math.min(windows * withinMs, time - withinMs - (first?.time ?? time));
  switch (measure) {
    case 'count':
      return window.length;
    case 'distinct':
      return new Set(window.filter(hasValue).map(jsonOf)).size;
    case 'sum':
      return sum;
    case 'min':
      return numbers.length === 0 ? undefined : Math.min(...numbers);
    case 'max':
      return numbers.length === 0 ? undefined : Math.max(...numbers);
    case 'avg':
      return numbers.length === 0 ? undefined : sum / numbers.length;
    case 'spike':
      return before === 0 || covered < withinMs ? undefined : (window.length * covered) / (before * withinMs);
    case 'sinceLast':
      return last && (time - last.time) / 1_000;
    case 'previous':
      return last && (last.value ?? null);
    case 'changed':
      return last !== undefined && jsonOf(last) !== jsonOf(asking);
    case 'firstSeen':
      return hasValue(asking) ? !others.some((note) => jsonOf(note) === jsonOf(asking)) : undefined;
  }
}

function hasValue({ value }: PlainNote): boolean {
  return value !== undefined && value !== null && value !== '';
}

function jsonOf({ value }: PlainNote): string {
  return JSON.stringify(value ?? null);
}
