/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Starts one every `1 / perSecond` seconds, never waiting for an earlier one; a late start counts as waiting. */
export async function paced<T>(
  items: readonly T[],
  perSecond: number,
  start: (item: T, due: number) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  const under: Promise<void>[] = [];
  for (const [i, item] of items.entries()) {
    const due = started + (i * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    under.push(start(item, due));
  }
  await Promise.all(under);
}

/** Of milliseconds, which it sorts. */
export function quantiles(times: number[]): Latency {
  times.sort((a, b) => a - b);
  const at = (q: number): number => times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
