import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Effect } from '../contracts/effect.js';
import { ACTIONS_QUEUE } from './queue-names.js';

/** An effect that is not given up and waits for its next try. */
export interface WaitingEffect {
  readonly effect: Effect;
  /** Epoch milliseconds. The pause begins when an attempt ends, so it may be later by what the last one took. */
  readonly nextTry: number;
}

@Injectable()
export class WaitingEffects {
  constructor(@InjectQueue(ACTIONS_QUEUE) private readonly queue: Queue) {}

  /** The one that is tried soonest first, at most `limit`. */
  async list(limit: number): Promise<WaitingEffect[]> {
    const jobs = await this.queue.getDelayed(0, limit - 1);
    return jobs.map(({ data, delay, processedOn, timestamp }) => ({
      effect: data as Effect,
      nextTry: (processedOn ?? timestamp) + delay,
    }));
  }

  async count(): Promise<number> {
    return await this.queue.getDelayedCount();
  }
}
