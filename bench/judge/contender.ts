import type { CanonicalEvent } from '../../src/contracts/event.js';
import type { BenchRule } from './workload.js';

/** How many rules match the event. */
export type Decide = (event: CanonicalEvent) => number | Promise<number>;

export interface Contender {
  readonly name: string;
  /** So many events are given to it at once; 1 unless it gains by more. */
  readonly atOnce: number;
  readonly build: (rules: readonly BenchRule[]) => Decide;
}

/** Rules in a list for each type of event, as users of engines that know no types would keep them. */
export function byType(rules: readonly BenchRule[]): ReadonlyMap<string, readonly BenchRule[]> {
  const types = new Map<string, BenchRule[]>();
  for (const rule of rules) {
    const list = types.get(rule.type) ?? [];
    types.set(rule.type, list);
    list.push(rule);
  }
  return types;
}
