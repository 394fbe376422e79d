import { parseInstant } from '../../contracts/instant.js';
import { offsetAt } from '../flow/zoned-time.js';

const DAY_MS = 24 * 3_600_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;
const HAS_ZONE = /(?:[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)$/;

/**
 * When a rule ends, epoch milliseconds: a date ends where its last hour does, a time without a zone is one of the
 * given zone. Undefined when the text is neither.
 */
export function parseExpiry(text: string, timeZone: string): number | undefined {
  const wall = parseInstant(text);
  if (wall === undefined) return undefined;
  if (DATE.test(text)) return instantOf(wall + DAY_MS, timeZone);
  if (!TIME.test(text)) return undefined;
  return HAS_ZONE.test(text.slice(10)) ? wall : instantOf(wall, timeZone);
}

/** @param wall what the clocks of the zone show, as if it were epoch milliseconds */
function instantOf(wall: number, timeZone: string): number {
  const close = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(close, timeZone);
}
