import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 20;

/**
 * Waits until `check` gives a truthy value and returns it. A check that throws counts as "not yet"; when the time is
 * over its last error is what fails the test.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await check();
      if (value) return value;
      last = new Error(`still ${String(value)} after ${timeoutMs} ms: ${check.toString()}`);
    } catch (error) {
      last = error;
    }
    await pause(EVERY_MS);
  } while (Date.now() < end);
  throw last;
}
