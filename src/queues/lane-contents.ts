import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import type { Effect } from '../contracts/effect.js';
import { LaneQueues } from './lane-queues.js';

const AT_ONCE = 500;

/** An effect that a lane holds. */
export interface LaneEntry {
  readonly effect: Effect;
  /** A worker has it. */
  readonly isUnderWay: boolean;
  /** It was given up and waits for a person. */
  readonly isDead: boolean;
}

/** Everything that the lanes hold, for whoever takes something out of them. */
@Injectable()
export class LaneContents {
  constructor(private readonly lanes: LaneQueues) {}

  /** A page at a time: what waits, is under way or was given up. What is queued meanwhile may be left out. */
  async *pages(): AsyncGenerator<readonly LaneEntry[]> {
    for (const lane of await this.lanes.all()) yield* pagesOf(lane);
  }

  /** Undefined when no lane holds it. */
  async find(effectId: string): Promise<Effect | undefined> {
    const lanes = await this.lanes.all();
    const jobs = await Promise.all(
      lanes.map(async (lane) => (await lane.getJob(effectId)) as Job<Effect> | undefined),
    );
    return jobs.find((job) => job !== undefined)?.data;
  }

  /** Takes an effect out of its lane. @returns false when a worker has it by now, and it stays. */
  async remove({ id, to }: Pick<Effect, 'id' | 'to'>): Promise<boolean> {
    return (await this.lanes.lane(to).remove(id)) === 1;
  }
}

/** The ids of all states are read in one step, so that no job is missed that moves on meanwhile. */
async function* pagesOf(lane: Queue): AsyncGenerator<readonly LaneEntry[]> {
  const ids = await lane.getRanges(['waiting', 'active', 'delayed', 'prioritized', 'failed'], 0, -1);
  const active = new Set(await lane.getRanges(['active'], 0, -1));
  const dead = new Set(await lane.getRanges(['failed'], 0, -1));
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids
      .slice(from, from + AT_ONCE)
      .map(async (id) => (await lane.getJob(id)) as Job<Effect> | undefined);
    // One that has gone since is over.
    yield (await Promise.all(some)).flatMap((job) => {
      if (job === undefined) return [];
      const { id = '', data: effect } = job;
      return { effect, isUnderWay: active.has(id), isDead: dead.has(id) };
    });
  }
}
