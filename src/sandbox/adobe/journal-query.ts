import type { JournalEntry } from './journal-book.js';

/** Adobe caps a page at 1.5 MB. */
const PAGE_BYTES = 1_500_000;

/** As many of the entries, from the first on, as fit into one page; one at least. */
export function onePage(entries: readonly JournalEntry[]): JournalEntry[] {
  const shown: JournalEntry[] = [];
  let bytes = 0;
  for (const { position, event } of entries) {
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (bytes > PAGE_BYTES && shown.length > 0) break;
    shown.push({ position, event });
  }
  return shown;
}

/** Milliseconds of an ISO 8601 duration back in time, such as `-PT2H`. */
export function durationMs(seek: string): number | undefined {
  const match = /^-P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(seek);
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part || 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
}
