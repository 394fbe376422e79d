import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { ACTIONS_QUEUE, EVENTS_QUEUE, QUEUE_NAMES, type QueueName } from './queue-names.js';

/** A job that was given up and waits for a person. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: QueueName;
  /** Action kind, or `batch`. */
  readonly name: string;
  readonly reason: string;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly failedAt: number;
  readonly data: unknown;
}

@Injectable()
export class DeadLetters {
  private readonly queues: Readonly<Record<QueueName, Queue>>;

  constructor(@InjectQueue(EVENTS_QUEUE) events: Queue, @InjectQueue(ACTIONS_QUEUE) actions: Queue) {
    this.queues = { events, actions };
  }

  /** Newest first, at most `limit` of each queue. */
  async list(limit = 100): Promise<DeadLetter[]> {
    const lists = QUEUE_NAMES.map(async (name) => {
      const jobs = await this.queues[name].getFailed(0, limit - 1);
      return jobs.map((job) => letter(name, job));
    });
    return (await Promise.all(lists)).flat().sort((a, b) => b.failedAt - a.failedAt);
  }

  /** The ids of all that there are now, newest first in each queue. */
  async ids(): Promise<string[]> {
    const lists = QUEUE_NAMES.map(async (name) => await this.queues[name].getRanges(['failed'], 0, -1));
    return (await Promise.all(lists)).flat();
  }

  async count(): Promise<Record<QueueName, number>> {
    const [events, actions] = await Promise.all([
      this.queues.events.getFailedCount(),
      this.queues.actions.getFailedCount(),
    ]);
    return { events, actions };
  }

  /**
   * Puts a dead letter back into its queue with all its attempts. The job moves, it is never added anew: an add under
   * an id that still exists is ignored, and removing the old one afterwards would lose it.
   * @returns false when there is no dead letter with this id.
   */
  async replay(id: string): Promise<boolean> {
    for (const queue of Object.values(this.queues)) {
      const job: Job | undefined = await queue.getJob(id);
      if (job === undefined || !(await job.isFailed())) continue;
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      return true;
    }
    return false;
  }
}

function letter(queue: QueueName, job: Job): DeadLetter {
  return {
    id: job.id ?? '',
    queue,
    name: job.name,
    reason: job.failedReason,
    attempts: job.attemptsMade,
    failedAt: job.finishedOn ?? job.timestamp,
    data: job.data as unknown,
  };
}
