import { nearest } from '../../contracts/nearest.js';

const known = new Map<string, boolean>();

/** Is this the IANA name of a time zone? An offset such as `+02:00` is none: it knows no summer time. */
export function isTimeZone(name: string): boolean {
  const remembered = known.get(name);
  if (remembered !== undefined) return remembered;
  const answer = /^[A-Za-z]/.test(name) && canFormat(name);
  if (known.size < 1_000) known.set(name, answer);
  return answer;
}

function canFormat(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

/** The name that was most likely meant: `Berlin` is `Europe/Berlin`. */
export function nearestTimeZone(name: string): string | undefined {
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  const city = name.split('/').at(-1)?.replaceAll(' ', '_').toLowerCase();
  return zones.find((zone) => zone.split('/').at(-1)?.toLowerCase() === city) ?? nearest(name, zones);
}
