const HOUR_MS = 3_600_000;
/** Chicago is five hours behind UTC in summer and six in winter. */
const OFFSETS = [5, 6];

const CHICAGO = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Chicago',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
});

/**
 * The next 00:00 in America/Chicago, when Marketo's daily quota starts anew; epoch milliseconds in and out.
 * The clocks change there at 2 in the morning, so every day has exactly one midnight.
 */
export function nextMidnightCentral(now: number): number {
  const { year, month, day } = chicago(now);
  const nextDayUtc = Date.UTC(year, month - 1, day + 1);
  const candidates = OFFSETS.map((hours) => nextDayUtc + hours * HOUR_MS);
  return candidates.find((at) => chicago(at).hour === 0) ?? Math.max(...candidates);
}

function chicago(at: number) {
  const parts = Object.fromEntries(CHICAGO.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0 } = parts as Partial<Record<string, number>>;
  return { year, month, day, hour };
}
