import { parseDuration } from '../contracts/duration.js';
import type { LaneSettings, Pace } from '../contracts/lane.js';
import type { Members } from './shape.js';

const RATE = /^([1-9]\d{0,5})\/(\d{0,4})([smhd])$/;
const SECOND_MS = 1_000;

/**
 * The pace of a rate such as `50/s` or `100/20s`: evenly, but what comes in one second may come at once. Undefined for
 * everything else.
 */
export function paceOf(rate: string, burst?: number): Pace | undefined {
  const [, count, times = '', unit = ''] = RATE.exec(rate) ?? [];
  const withinMs = parseDuration(`${times === '' ? '1' : times}${unit}`);
  if (count === undefined || withinMs === undefined || withinMs === 0) return undefined;
  const everyMs = withinMs / Number(count);
  return { everyMs, burst: burst ?? Math.max(1, Math.floor(SECOND_MS / everyMs)) };
}

/** What the file says of a lane and was found good. */
export function laneSettings({ rate, burst, atOnce }: Members): LaneSettings {
  const pace = typeof rate === 'string' ? paceOf(rate, burst as number | undefined) : undefined;
  return {
    ...(pace === undefined ? {} : { pace }),
    ...(atOnce === undefined ? {} : { atOnce: atOnce as number }),
  };
}
