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

/** The 00:00 in America/Chicago with which the day of `now` began; epoch milliseconds in and out. */
export function lastMidnightCentral(now: number): number {
  // The longest day has 25 hours, so at most two midnights lie within them.
  const first = nextMidnightCentral(now - 25 * HOUR_MS);
  const second = nextMidnightCentral(first);
  return second <= now ? second : first;
}

/** The day in America/Chicago: `2026-05-04`. `now` is epoch milliseconds. */
export function dayCentral(now: number): string {
  const { year, month, day } = chicago(now);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function chicago(at: number) {
  const parts = Object.fromEntries(CHICAGO.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0 } = parts as Partial<Record<string, number>>;
  return { year, month, day, hour };
}
