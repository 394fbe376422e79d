/** Short and long names of the days; the place in the list is the ISO number less one. */
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export const DAY_NAMES: readonly string[] = DAYS.map((day) => day.slice(0, 3));

export const EVERY_DAY: readonly number[] = DAYS.map((_, index) => index + 1);

/** The first minute after the end of a day. */
export const DAY_MINUTES = 24 * 60;

/** ISO numbers of one entry of `days`: `mon`, `mon-fri`, `sat,sun`, in order; or the word that is no day. */
export function parseDays(text: string): readonly number[] | string {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const ends = part.split('-').map((word) => word.trim());
    const [first = '', last = first, ...more] = ends;
    const from = dayNumber(first);
    const to = dayNumber(last);
    if (from === undefined) return first;
    if (to === undefined || more.length > 0) return more[0] ?? last;
    // A range may pass the end of the week: `fri-mon`.
    for (let day = from; ; day = (day % 7) + 1) {
      numbers.add(day);
      if (day === to) break;
    }
  }
  return [...numbers].sort((a, b) => a - b);
}

function dayNumber(word: string): number | undefined {
  const name = word.toLowerCase();
  const index = DAYS.findIndex((day) => name === day || name === day.slice(0, 3));
  return index === -1 ? undefined : index + 1;
}

const HOURS = /^\s*(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)\s*$/;

/** Minutes since midnight of `09:00-18:00`; undefined when it is not of that form or its ends are the same. */
export function parseHours(text: string): { readonly from: number; readonly to: number } | undefined {
  const [, ...parts] = HOURS.exec(text) ?? [];
  const [fromHour, fromMinute, toHour, toMinute] = parts.map(Number);
  const from = minutes(fromHour, fromMinute);
  const to = minutes(toHour, toMinute);
  if (from === undefined || to === undefined || from === to || from === DAY_MINUTES) return undefined;
  return { from, to };
}

function minutes(hour = Number.NaN, minute = Number.NaN): number | undefined {
  const all = hour * 60 + minute;
  return minute < 60 && all <= DAY_MINUTES ? all : undefined;
}
