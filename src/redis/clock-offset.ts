/** What receivers of signed webhooks let pass is five minutes; a clock that is kept right is off by far less. */
const TOLERANCE_MS = 60_000;

/**
 * What is wrong with this machine's clock beside that of Redis; undefined when nothing is. Signatures, tokens and hours
 * go by it, and a receiver that refuses a signature does not say that the clock is the reason.
 *
 * @param redisTime what TIME answers: seconds and microseconds
 * @param now epoch milliseconds
 */
export function clockOffset([seconds]: readonly (number | string)[], now: number): string | undefined {
  const offMs = now - Number(seconds) * 1_000;
  if (!(Math.abs(offMs) > TOLERANCE_MS)) return undefined;
  const minutes = Math.round(Math.abs(offMs) / 60_000);
  return `this machine's clock is ${minutes} min ${offMs > 0 ? 'ahead of' : 'behind'} that of Redis: set it right`;
}
