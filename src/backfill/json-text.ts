import { MAX_DEPTH, nestsDeeperThan } from '../contracts/nesting.js';

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
