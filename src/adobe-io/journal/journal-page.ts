import { isJsonObject, parseJson } from '../../contracts/json.js';

/** What is told of a page without reading its events: that is the judge's work. */
export interface JournalPage {
  /** The page exactly as it came. */
  readonly bytes: Buffer;
  readonly events: number;
  /** Times of its oldest and newest event, epoch milliseconds; undefined when no event tells a time. */
  readonly oldest?: number;
  readonly newest?: number;
}

/** Undefined when the bytes are no page of the journal. Pure. */
export function readPage(bytes: Buffer): JournalPage | undefined {
  const page = parseJson(bytes);
  if (!isJsonObject(page) || !Array.isArray(page['events'])) return undefined;
  const entries: readonly unknown[] = page['events'];
  const times = entries.flatMap((entry) => timeOf(entry) ?? []);
  const reading = { bytes, events: entries.length };
  if (times.length === 0) return reading;
  return { ...reading, oldest: times.reduce(earlier), newest: times.reduce(later) };
}

/** The event's own time, wherever its shape has it: flat, or inside one or two wrappings. */
function timeOf(entry: unknown): number | undefined {
  let event: unknown = entry;
  while (isJsonObject(event)) {
    if (typeof event['time'] === 'string') {
      const time = Date.parse(event['time']);
      return Number.isNaN(time) ? undefined : time;
    }
    event = event['event'] ?? event['body'];
  }
  return undefined;
}

function earlier(a: number, b: number): number {
  return Math.min(a, b);
}

function later(a: number, b: number): number {
  return Math.max(a, b);
}
