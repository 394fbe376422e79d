import type { Redis } from 'ioredis';
import type { Tally } from '../contracts/tally.js';
import { BACKLOG_KEY, claimsKey, QUEUE_PREFIX } from '../redis/keys.js';
import { FINISH, NOTE_STORED, tallyArguments } from './batch-scripts.js';

/** Far longer than a batch waits; without it what a crash leaves behind would stay for ever. */
const KEEP_SECONDS = 30 * 24 * 3_600;

/** Job id → bytes of every batch that is stored and not yet seen through. */
export const STORED_KEY = `${QUEUE_PREFIX}:stored`;

interface BatchCommands extends Redis {
  noteStored(...args: (string | number)[]): Promise<0 | 1>;
  finishBatch(...args: (string | number)[]): Promise<0 | 1>;
}

/**
 * The request bodies of batches, beside the queue. A job carries only their lengths: escaping them into the job's JSON,
 * through BullMQ's scripts and back costs more than everything else that happens to a batch.
 */
export class BatchBodies {
  private readonly redis: BatchCommands;

  constructor(redis: Redis) {
    redis.defineCommand('noteStored', { lua: NOTE_STORED });
    redis.defineCommand('finishBatch', { lua: FINISH });
    this.redis = redis as BatchCommands;
  }

  /** `tallies` are made in the step in which the bodies begin to count as stored. */
  async put(jobId: string, bodies: readonly Buffer[], tallies: readonly Tally[]): Promise<void> {
    const [only, ...others] = bodies;
    const bytes = only !== undefined && others.length === 0 ? only : Buffer.concat(bodies);
    const { keys, args } = tallyArguments(tallies);
    await Promise.all([
      this.redis.set(bodiesKey(jobId), bytes, 'EX', KEEP_SECONDS),
      this.redis.noteStored(keys.length + 2, STORED_KEY, BACKLOG_KEY, ...keys, jobId, bytes.length, ...args),
    ]);
  }

  /** Undefined when they were dropped, which happens when the batch has been seen through. */
  async get(jobId: string, lengths: readonly number[]): Promise<Buffer[] | undefined> {
    const bytes = await this.redis.getBuffer(bodiesKey(jobId));
    if (bytes === null) return undefined;
    let end = 0;
    return lengths.map((length) => bytes.subarray(end, (end += length)));
  }

  /**
   * Ends a batch that was seen through: its bodies and its claims on events go, and `tallies` are made in the same step,
   * so that they are made exactly once.
   */
  async finish(jobId: string, tallies: readonly Tally[]): Promise<void> {
    const { keys, args } = tallyArguments(tallies);
    const own = [STORED_KEY, BACKLOG_KEY, bodiesKey(jobId), claimsKey(jobId)];
    await this.redis.finishBatch(own.length + keys.length, ...own, ...keys, jobId, ...args);
  }

  /** Keeps them for as long as it takes a person to look at their dead letter. */
  async keep(jobId: string): Promise<void> {
    await Promise.all([this.redis.persist(bodiesKey(jobId)), this.redis.persist(claimsKey(jobId))]);
  }
}

export function bodiesKey(jobId: string): string {
  return `${QUEUE_PREFIX}:body:${jobId}`;
}
