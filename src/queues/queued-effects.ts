import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import type { Effect } from '../contracts/effect.js';
import { ACTIONS_QUEUE } from './queue-names.js';

const AT_ONCE = 500;

export interface QueuedEffect {
  readonly effect: Effect;
  /** A worker has it. */
  readonly isUnderWay: boolean;
}

/** Everything that the actions queue holds, for whoever takes something out of it. */
@Injectable()
export class QueuedEffects {
  constructor(@InjectQueue(ACTIONS_QUEUE) private readonly queue: Queue) {}

  /** A page at a time: what waits, is under way or was given up. What is queued meanwhile may be left out. */
  async *pages(): AsyncGenerator<readonly QueuedEffect[]> {
    const ids = await this.queue.getRanges(['waiting', 'active', 'delayed', 'prioritized', 'failed'], 0, -1);
    const active = new Set(await this.queue.getRanges(['active'], 0, -1));
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids
        .slice(from, from + AT_ONCE)
        .map(async (id) => (await this.queue.getJob(id)) as Job<Effect> | undefined);
      // One that has gone since is over.
      yield (await Promise.all(some)).flatMap((job) =>
        job === undefined ? [] : { effect: job.data, isUnderWay: active.has(job.data.id) },
      );
    }
  }

  /** Takes an effect out of the queue. @returns false when a worker has it by now, and it stays. */
  async remove(effectId: string): Promise<boolean> {
    return (await this.queue.remove(effectId)) === 1;
  }
}
