/**
 * Deepest nesting of an event that is read. JSON text may nest far deeper than any later step that walks the value
 * recursively could follow, `JSON.stringify` among them.
 */
export const MAX_DEPTH = 100;

/** Whether a value nests deeper than `levels`. */
export function nestsDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeperThan(inner, levels - 1));
}
