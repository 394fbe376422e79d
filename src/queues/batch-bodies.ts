import type { Redis } from 'ioredis';
import { QUEUE_PREFIX } from '../redis/keys.js';

/** Far longer than a batch waits; without it what a crash leaves behind would stay for ever. */
const KEEP_SECONDS = 30 * 24 * 3_600;

/**
 * The request bodies of batches, beside the queue. A job carries only their lengths: escaping them into the job's JSON,
 * through BullMQ's scripts and back costs more than everything else that happens to a batch.
 */
export class BatchBodies {
  constructor(private readonly redis: Redis) {}

  async put(jobId: string, bodies: readonly Buffer[]): Promise<void> {
    const [only, ...others] = bodies;
    const bytes = only !== undefined && others.length === 0 ? only : Buffer.concat(bodies);
    await this.redis.set(key(jobId), bytes, 'EX', KEEP_SECONDS);
  }

  /** Undefined when they were dropped, which happens when the batch has been seen through. */
  async get(jobId: string, lengths: readonly number[]): Promise<Buffer[] | undefined> {
    const bytes = await this.redis.getBuffer(key(jobId));
    if (bytes === null) return undefined;
    let end = 0;
    return lengths.map((length) => bytes.subarray(end, (end += length)));
  }

  async drop(jobId: string): Promise<void> {
    await this.redis.unlink(key(jobId));
  }

  /** Keeps them for as long as it takes a person to look at their dead letter. */
  async keep(jobId: string): Promise<void> {
    await this.redis.persist(key(jobId));
  }
}

function key(jobId: string): string {
  return `${QUEUE_PREFIX}:body:${jobId}`;
}
