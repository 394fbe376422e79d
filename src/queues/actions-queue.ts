import { Injectable } from '@nestjs/common';
import type { Effect, Priority } from '../contracts/effect.js';
import { type LaneJob, LaneQueues } from './lane-queues.js';

/**
 * Effects that are queued at once. One delivery can come to more effects than there is time for in one go: while they
 * are put into words for Redis the door answers nobody, and the lock of the batch itself runs out.
 */
const AT_ONCE = 500;

/**
 * BullMQ takes the lowest number first, and among equals whoever came first. What has no number comes before all others,
 * so each has one.
 */
const NUMBERS: Readonly<Record<Priority, number>> = { high: 1, normal: 2, low: 3 };

@Injectable()
export class ActionsQueue {
  constructor(private readonly lanes: LaneQueues) {}

  /**
   * Queues effects in the lanes of their destinations, under their own ids: one that is still in the queue is not queued
   * again. What was queued before a failure stays queued.
   */
  async addAll(effects: readonly Effect[]): Promise<void> {
    for (const [destination, jobs] of byLane(effects)) {
      for (let from = 0; from < jobs.length; from += AT_ONCE)
        await this.lanes.add(destination, jobs.slice(from, from + AT_ONCE));
    }
  }
}

function byLane(effects: readonly Effect[]): Map<string, LaneJob[]> {
  const lanes = new Map<string, LaneJob[]>();
  for (const effect of effects) {
    const job = { name: effect.type, data: effect, opts: optionsOf(effect) };
    const lane = lanes.get(effect.to);
    if (lane === undefined) lanes.set(effect.to, [job]);
    else lane.push(job);
  }
  return lanes;
}

function optionsOf({ id, priority = 'normal' }: Effect): LaneJob['opts'] {
  return { jobId: id, priority: NUMBERS[priority] };
}
