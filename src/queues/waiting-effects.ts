import { Injectable } from '@nestjs/common';
import type { Effect } from '../contracts/effect.js';
import { LaneQueues } from './lane-queues.js';

/** An effect that is not given up and waits for its next try. */
export interface WaitingEffect {
  readonly effect: Effect;
  /** Epoch milliseconds. The pause begins when an attempt ends, so it may be later by what the last one took. */
  readonly nextTry: number;
}

@Injectable()
export class WaitingEffects {
  constructor(private readonly lanes: LaneQueues) {}

  /** The one that is tried soonest first, at most `limit`. */
  async list(limit: number): Promise<WaitingEffect[]> {
    const lanes = await this.lanes.all();
    const jobs = (await Promise.all(lanes.map((lane) => lane.getDelayed(0, limit - 1)))).flat();
    return jobs
      .map(({ data, delay, processedOn, timestamp }) => ({
        effect: data as Effect,
        nextTry: (processedOn ?? timestamp) + delay,
      }))
      .sort((a, b) => a.nextTry - b.nextTry)
      .slice(0, limit);
  }

  async count(): Promise<number> {
    const lanes = await this.lanes.all();
    const counts = await Promise.all(lanes.map((lane) => lane.getDelayedCount()));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
