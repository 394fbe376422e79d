import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { StoredBatch } from '../contracts/batch.js';
import { BatchBodies } from './batch-bodies.js';

/** The search reads everything that is stored. */
const EVERY_MS = 60_000;

/**
 * Batches that count as stored and have no job: Redis went away after it took the bodies and before it took the job, or
 * a person removed the job. Nobody knows what their senders were told, so they get their job back. One whose job was only
 * on its way has it earlier, under the same id.
 */
export class OrphanedBatches {
  private readonly logger = new Logger('Backlog');
  private readonly bodies: BatchBodies;
  private healedAt = -Infinity;

  constructor(
    private readonly redis: Redis,
    private readonly queue: Queue,
    private readonly everyMs = EVERY_MS,
  ) {
    this.bodies = new BatchBodies(redis);
  }

  /** Puts their jobs back into the queue, once a minute at most. Rejects while Redis is away or full. */
  async heal(): Promise<void> {
    const now = performance.now();
    if (now - this.healedAt < this.everyMs) return;
    this.healedAt = now;
    let [healed, lost] = [0, 0];
    for await (const page of this.bodies.stored())
      for (const [jobId, batch] of await this.withoutJob(page))
        if (await this.bodies.forgetLost(jobId)) lost += 1;
        else {
          await this.queue.add('batch', batch, { jobId });
          healed += 1;
        }
    await this.bodies.settleBacklog();
    if (healed > 0) this.logger.warn(`${healed} stored batches had no job and were put back into the queue.`);
    if (lost > 0)
      this.logger.error(
        `The bodies of ${lost} stored batches are gone from Redis; signalman completeness says what is missing.`,
      );
  }

  private async withoutJob(page: [string, StoredBatch][]): Promise<[string, StoredBatch][]> {
    const exist = await Promise.all(
      page.map(async ([jobId]) => await this.redis.exists(this.queue.toKey(jobId))),
    );
    return page.filter((_, index) => exist[index] === 0);
  }
}
