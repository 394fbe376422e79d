const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Epoch milliseconds of a time written as text: RFC 3339, and what senders make of it (a space for the `T`, no zone,
 * no seconds, a date alone, an offset without a colon). Without a zone it is UTC. Undefined when it is no time.
 */
export function parseInstant(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, date, minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] = match;
  const millis = fraction.padEnd(3, '0').slice(0, 3);
  const instant = Date.parse(`${date ?? ''}T${minutes}:${seconds}.${millis}${normalZone(zone)}`);
  // Date.parse lets 30 February roll over into March.
  if (Number.isNaN(instant) || !isRealDate(date ?? '')) return undefined;
  return instant;
}

function normalZone(zone: string): string {
  if (zone === 'Z' || zone === 'z') return 'Z';
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}

function isRealDate(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
