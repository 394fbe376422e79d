import { parseDuration } from '../contracts/duration.js';
import type { Pace } from '../contracts/lane.js';

/**
 * The pace that keeps to so many within any hour, `20/h`, or second, minute or day; undefined for everything else. Half
 * of them may come at once and the others are spread, since a pace that lets all of them come at once would let nearly
 * twice as many come within the time.
 */
export function perRecipientPace(text: string): Pace | undefined {
  const [, digits = '', unit = ''] = /^([1-9]\d{0,5})\/([smhd])$/.exec(text) ?? [];
  const count = Number(digits);
  const withinMs = parseDuration(`1${unit}`);
  if (count === 0 || withinMs === undefined) return undefined;
  const burst = Math.ceil(count / 2);
  return { everyMs: Math.ceil(withinMs / Math.max(1, count - burst)), burst };
}
