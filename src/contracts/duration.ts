const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Milliseconds of a duration as people write it: a whole number and one unit of `s m h d w` (`90s`, `24h`, `7d`).
 * Undefined for everything else.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  if (match === null) return undefined;
  const [, count, unit] = match as unknown as [string, string, string];
  return Number(count) * (UNITS[unit] as number);
}

/** The same the other way round, in the largest unit that leaves nothing over: `90m`, not `1.5h`. */
export function durationText(ms: number): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['s', 1_000];
  return `${Math.round(ms / size)}${unit}`;
}
