import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Effect } from '../contracts/effect.js';
import { ACTIONS_QUEUE } from './queue-names.js';

@Injectable()
export class ActionsQueue {
  constructor(@InjectQueue(ACTIONS_QUEUE) private readonly queue: Queue) {}

  /** Queues effects under their own ids: one that is still in the queue is not queued again. */
  async addAll(effects: readonly Effect[]): Promise<void> {
    if (effects.length === 0) return;
    await this.queue.addBulk(
      effects.map((effect) => ({ name: effect.type, data: effect, opts: { jobId: effect.id } })),
    );
  }
}
