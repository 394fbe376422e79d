import { createHash } from 'node:crypto';
import type { JournalEntry } from './journal-entry.js';

/** Characters of a piece that could not be read, and of an effect's parameters as JSON. */
const RAW_LIMIT = 64 * 1024;
const PARAMS_LIMIT = 16 * 1024;

/**
 * The entry as it is kept. The book is bounded by its number of entries, so each of them is bounded too: otherwise a
 * sender of large nonsense could fill Redis. What is cut names its length and hash.
 */
export function lean(entry: JournalEntry): JournalEntry {
  switch (entry.kind) {
    case 'unreadable':
      return { ...entry, unreadable: { ...entry.unreadable, raw: cut(entry.unreadable.raw) } };
    case 'effect': {
      const { effect } = entry.record;
      const characters = JSON.stringify(effect.params).length;
      if (characters <= PARAMS_LIMIT) return entry;
      const params = { omitted: `${characters} characters` };
      return { ...entry, record: { ...entry.record, effect: { ...effect, params } } };
    }
    case 'decision':
      return entry;
  }
}

function cut(raw: string): string {
  if (raw.length <= RAW_LIMIT) return raw;
  const hash = createHash('sha256').update(raw).digest('hex');
  return `${raw.slice(0, RAW_LIMIT)}… (${raw.length} characters in all, SHA-256 ${hash})`;
}
