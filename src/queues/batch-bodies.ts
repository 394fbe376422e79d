import type { Redis } from 'ioredis';
import type { StoredBatch } from '../contracts/batch.js';
import type { Tally } from '../contracts/tally.js';
import { BACKLOG_KEY, claimsKey, memoKey, QUEUE_PREFIX, STORED_KEY } from '../redis/keys.js';
import { FINISH, FORGET_LOST, NOTE_STORED, SETTLE_BACKLOG, tallyArguments } from './batch-scripts.js';

/** Of bodies that do not count as stored yet: what a crash leaves behind between the two goes by itself. */
const UNCOUNTED_SECONDS = 24 * 3_600;

/** Batches of one round trip. */
const AT_ONCE = 1_000;

interface BatchCommands extends Redis {
  noteStored(...args: (string | number)[]): Promise<0 | 1>;
  finishBatch(...args: (string | number)[]): Promise<0 | 1>;
  forgetLost(...keysAndId: string[]): Promise<0 | 1>;
  settleBacklog(...keys: string[]): Promise<null>;
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
    redis.defineCommand('forgetLost', { numberOfKeys: 3, lua: FORGET_LOST });
    redis.defineCommand('settleBacklog', { numberOfKeys: 2, lua: SETTLE_BACKLOG });
    this.redis = redis as BatchCommands;
  }

  /** `tallies` are made in the step in which the batch begins to count as stored. */
  async put(
    jobId: string,
    batch: StoredBatch,
    bodies: readonly Buffer[],
    tallies: readonly Tally[],
  ): Promise<void> {
    const [only, ...others] = bodies;
    const bytes = only !== undefined && others.length === 0 ? only : Buffer.concat(bodies);
    const { keys, args } = tallyArguments(tallies);
    const own = [STORED_KEY, BACKLOG_KEY, bodiesKey(jobId)];
    await Promise.all([
      this.redis.set(bodiesKey(jobId), bytes, 'EX', UNCOUNTED_SECONDS),
      this.redis.noteStored(own.length + keys.length, ...own, ...keys, jobId, JSON.stringify(batch), ...args),
    ]);
  }

  /** Undefined when they were dropped, which happens when the batch has been seen through. */
  async get(jobId: string, lengths: readonly number[]): Promise<Buffer[] | undefined> {
    const bytes = await this.redis.getBuffer(bodiesKey(jobId));
    if (bytes === null) return undefined;
    let end = 0;
    return lengths.map((length) => bytes.subarray(end, (end += length)));
  }

  /** Every batch that is stored and not yet seen through, a page at a time. One that is stored meanwhile may be left out. */
  async *stored(): AsyncGenerator<[jobId: string, batch: StoredBatch][]> {
    const known = new Set<string>();
    let cursor = '0';
    do {
      const [next, flat] = await this.redis.hscan(STORED_KEY, cursor, 'COUNT', AT_ONCE);
      cursor = next;
      const page: [string, StoredBatch][] = [];
      for (let at = 0; at < flat.length; at += 2) {
        const [jobId = '', batch = ''] = flat.slice(at, at + 2);
        // Redis may tell of one more than once while the hash grows or shrinks.
        if (!known.has(jobId)) page.push([jobId, JSON.parse(batch) as StoredBatch]);
        known.add(jobId);
      }
      yield page;
    } while (cursor !== '0');
  }

  /**
   * Ends a batch that was seen through: its bodies, its claims on events and its memo go, and `tallies` are made in the
   * same step, so that they are made exactly once.
   */
  async finish(jobId: string, tallies: readonly Tally[]): Promise<void> {
    const { keys, args } = tallyArguments(tallies);
    const own = [STORED_KEY, BACKLOG_KEY, bodiesKey(jobId), claimsKey(jobId), memoKey(jobId)];
    await this.redis.finishBatch(own.length + keys.length, ...own, ...keys, jobId, ...args);
  }

  /** Lets a batch count as stored no longer whose bodies are gone. @returns false when they are not. */
  async forgetLost(jobId: string): Promise<boolean> {
    return (await this.redis.forgetLost(STORED_KEY, BACKLOG_KEY, bodiesKey(jobId), jobId)) === 1;
  }

  /** Puts the numbers of the backlog back to nothing when nothing is stored. */
  async settleBacklog(): Promise<void> {
    await this.redis.settleBacklog(STORED_KEY, BACKLOG_KEY);
  }

  /** Keeps the claims and the memo of a dead letter for as long as it takes a person to look at it, as its bodies are. */
  async keepClaims(jobId: string): Promise<void> {
    await Promise.all([claimsKey(jobId), memoKey(jobId)].map((key) => this.redis.persist(key)));
  }
}

function bodiesKey(jobId: string): string {
  return `${QUEUE_PREFIX}:body:${jobId}`;
}
