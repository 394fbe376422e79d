import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import type { Effect } from '../contracts/effect.js';
import { allCounts } from './lane-counts.js';
import { LaneQueues } from './lane-queues.js';

/** An effect in a lane that is not given up. A worker has it when it neither stands in line nor waits for a time. */
export interface WaitingEffect {
  readonly effect: Effect;
  /** Since when it is in its lane, epoch milliseconds. */
  readonly queuedAt: number;
  /** Where it stands in line: how many of its lane come before it. */
  readonly ahead?: number;
  /** Epoch milliseconds. The pause begins when an attempt ends, so it may be later by what the last one took. */
  readonly nextTry?: number;
}

@Injectable()
export class WaitingEffects {
  constructor(private readonly lanes: LaneQueues) {}

  /**
   * Of every lane the first in line, at most `limit`, and as many of those that a worker has and of those that wait for a
   * time: what has waited longest in line comes first, then what is tried soonest. `to`: the only lane that is meant.
   */
  async list(limit: number, to?: string): Promise<WaitingEffect[]> {
    const lanes = await this.meant(to);
    const all = (await Promise.all(lanes.map((lane) => listLane(lane, limit)))).flat();
    return all.sort((a, b) => (a.nextTry ?? 0) - (b.nextTry ?? 0) || a.queuedAt - b.queuedAt);
  }

  /** How many there are. */
  async count(to?: string): Promise<number> {
    const { waiting, underWay, delayed } = await allCounts(await this.meant(to));
    return waiting + underWay + delayed;
  }

  private async meant(to: string | undefined): Promise<Queue[]> {
    const names = await this.lanes.names();
    return names.filter((name) => to === undefined || name === to).map((name) => this.lanes.lane(name));
  }
}

async function listLane(lane: Queue, limit: number): Promise<WaitingEffect[]> {
  const last = limit - 1;
  const [active, first, prioritized, delayed] = await Promise.all([
    lane.getActive(0, last),
    // What came back without its priority goes before all others.
    lane.getWaiting(0, last),
    lane.getPrioritized(0, last),
    lane.getDelayed(0, last),
  ]);
  const inLine = [...first, ...prioritized].slice(0, limit);
  return [
    ...active.map(entryOf),
    ...inLine.map((job, ahead) => ({ ...entryOf(job), ahead })),
    ...delayed.map((job) => ({ ...entryOf(job), nextTry: (job.processedOn ?? job.timestamp) + job.delay })),
  ];
}

function entryOf({ data, timestamp }: Job): WaitingEffect {
  return { effect: data as Effect, queuedAt: timestamp };
}
