import { createHash } from 'node:crypto';

/** So many characters of the longest text are left for the hash at its end. */
const HASH_ROOM = 40;

/**
 * A value as it is kept: what is longer than `longest` characters, as a text or as the JSON of a list or an object,
 * becomes a text of its beginning and a hash of the whole. So two of them are still the same exactly when the values
 * were.
 */
export function abridged(value: unknown, longest: number): unknown {
  const text = typeof value === 'object' ? JSON.stringify(value) : value;
  if (typeof text !== 'string' || text.length <= longest) return value;
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  return `${text.slice(0, longest - HASH_ROOM)}…${hash}`;
}
