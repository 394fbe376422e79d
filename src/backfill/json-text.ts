/** Writing deeper values as JSON again could use up the stack, and no reader takes them. */
const MAX_DEPTH = 100;

/** The value that a JSON text names, or why there is none. Never throws. */
export function readJson(text: string): { readonly value: unknown } | { readonly reason: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (!nestsDeeperThan(value, MAX_DEPTH)) return { value };
    return { reason: `It is nested deeper than ${MAX_DEPTH} levels.` };
  } catch (error) {
    return { reason: `It is not JSON: ${(error as Error).message}.` };
  }
}

function nestsDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeperThan(inner, levels - 1));
}
