import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Effect } from '../contracts/effect.js';
import { ACTIONS_QUEUE } from './queue-names.js';

/**
 * Effects that are queued at once. One delivery can come to more effects than there is time for in one go: while they
 * are put into words for Redis the door answers nobody, and the lock of the batch itself runs out.
 */
const AT_ONCE = 500;

@Injectable()
export class ActionsQueue {
  constructor(@InjectQueue(ACTIONS_QUEUE) private readonly queue: Queue) {}

  /**
   * Queues effects under their own ids: one that is still in the queue is not queued again. What was queued before a
   * failure stays queued.
   */
  async addAll(effects: readonly Effect[]): Promise<void> {
    for (let from = 0; from < effects.length; from += AT_ONCE) {
      const some = effects.slice(from, from + AT_ONCE);
      await this.queue.addBulk(
        some.map((effect) => ({ name: effect.type, data: effect, opts: { jobId: effect.id } })),
      );
    }
  }
}
