import type { Effect } from '../../src/contracts/effect.js';
import { type Latency, paced, quantiles } from '../pace.js';
import type { House } from './house.js';

const POLL_MS = 5;
const PATIENCE_MS = 180_000;

/** Resolves when the sinks have seen every effect; throws when that takes longer than anybody would wait. */
export async function arrived({ sinks }: House, effects: readonly Effect[]): Promise<void> {
  const missing = new Set(effects.map(({ id }) => id));
  await until(() => {
    for (const id of missing) {
      if (!sinks.some((sink) => sink.arrivals.has(id))) return false;
      missing.delete(id);
    }
    return true;
  });
}

/** From the queueing of each effect to its answer by the sink, at a rate that does not wait for it. */
export async function latency(house: House, effects: readonly Effect[], perSecond: number): Promise<Latency> {
  const queued = new Map<string, number>();
  await paced(effects, perSecond, async (effect, due) => {
    queued.set(effect.id, due);
    await house.enqueue([effect]);
  });
  await arrived(house, effects);
  const arrival = (id: string): number =>
    house.sinks.map((sink) => sink.arrivals.get(id)).find((at) => at !== undefined) ?? Infinity;
  return quantiles([...queued].map(([id, at]) => arrival(id) - at));
}

export async function until(met: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!met()) {
    if (performance.now() > end) throw new Error(`the effects did not arrive within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
