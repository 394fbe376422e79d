import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CanonicalEvent } from '../../src/contracts/event.js';
import type { Decide } from './contender.js';

const ROUNDS = 5;
/** Milliseconds of processor time: the shortest round, and the shortest time between two looks at the clock. */
const ROUND_MS = 200;
const STRIDE_MS = 10;

/**
 * Events a second of processor time, all threads of the process together; so what else runs on the machine counts
 * little, and an engine with threads of its own gains nothing by them. The median of several rounds, after one to warm up.
 */
export async function rateOf(
  decide: Decide,
  events: readonly CanonicalEvent[],
  atOnce: number,
): Promise<number> {
  const course = new Course(decide, events);
  const rates: number[] = [];
  let stride = atOnce;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const start = processorMs();
    let [decided, elapsed] = [0, 0];
    while (elapsed < ROUND_MS) {
      if (course.isPrompt) course.run(stride);
      else await course.runInGroups(stride, atOnce);
      decided += stride;
      const before = elapsed;
      elapsed = processorMs() - start;
      if (elapsed - before < STRIDE_MS) stride *= 2;
    }
    rates.push((decided * 1_000) / elapsed);
  }
  return median(rates.slice(1));
}

/** Goes through the events again and again. */
class Course {
  /** Answers come without a promise, so that none is waited for. */
  readonly isPrompt: boolean;
  private next = 0;

  constructor(
    private readonly decide: Decide,
    private readonly events: readonly CanonicalEvent[],
  ) {
    this.isPrompt = typeof this.decideNext() === 'number';
  }

  run(count: number): void {
    for (let index = 0; index < count; index += 1) void this.decideNext();
  }

  async runInGroups(count: number, size: number): Promise<void> {
    for (let done = 0; done < count; done += size)
      await Promise.all(Array.from({ length: size }, async () => this.decideNext()));
  }

  private decideNext(): ReturnType<Decide> {
    const event = this.events[this.next] as CanonicalEvent;
    this.next = this.next + 1 === this.events.length ? 0 : this.next + 1;
    return this.decide(event);
  }
}

export interface BuildCost {
  /** The median of several. */
  readonly microseconds: number;
  /** What it adds to memory, in bytes. */
  readonly bytes: number;
}

/** What it costs to make something, the indexes of which are filled before it is handed over. */
export function buildCost(build: () => unknown): BuildCost {
  const times = Array.from({ length: ROUNDS + 1 }, () => {
    const start = processorMs();
    build();
    return (processorMs() - start) * 1_000;
  });
  const empty = bytesInUse();
  const built = build();
  const bytes = bytesInUse() - empty;
  if (built === undefined) throw new Error('what was built must be kept until it is weighed');
  return { microseconds: median(times.slice(1)), bytes };
}

function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
