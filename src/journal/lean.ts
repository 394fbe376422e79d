import type { JournalEntry } from './journal-entry.js';

/** Characters of an effect's parameters as JSON. */
const PARAMS_LIMIT = 16 * 1024;

/**
 * The entry as it is kept. The book of effects is bounded by its number of entries, so each of them is bounded too:
 * otherwise large events could fill Redis.
 */
export function lean(entry: JournalEntry): JournalEntry {
  if (entry.kind !== 'effect') return entry;
  const { effect } = entry.record;
  const characters = JSON.stringify(effect.params).length;
  if (characters <= PARAMS_LIMIT) return entry;
  const params = { omitted: `${characters} characters` };
  return { ...entry, record: { ...entry.record, effect: { ...effect, params } } };
}
