import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BACKLOG_KEY, claimsKey, QUEUE_PREFIX } from '../redis/keys.js';
import { bodiesKey, STORED_KEY } from './batch-bodies.js';
import { EVENTS_QUEUE } from './queue-names.js';

/** Far longer than any write takes, so that none that is under way is taken for an orphan. */
const EVERY_MS = 60_000;
const AT_ONCE = 1_000;

/**
 * Forgets a batch unless it has a job. KEYS: the hash of stored batches, the backlog, the job, the bodies, the claims.
 * ARGV: job id.
 */
const FORGET = `
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
local bytes = redis.call('HGET', KEYS[1], ARGV[1])
if not bytes then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('UNLINK', KEYS[4], KEYS[5])
redis.call('HINCRBY', KEYS[2], 'bytes', '-' .. bytes)
redis.call('HINCRBY', KEYS[2], 'batches', -1)
return 1
`;

/** Puts the numbers back to nothing when nothing is stored. KEYS: the hash of stored batches, the backlog. */
const SETTLE = `
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('UNLINK', KEYS[2]) end
`;

interface OrphanCommands extends Redis {
  forgetBatch(...keysAndId: string[]): Promise<0 | 1>;
  settleBacklog(...keys: string[]): Promise<null>;
}

/**
 * Batches that count as stored and have no job: Redis went away after it took the bodies and before it took the job,
 * and their senders were told so; or a person removed the job. Without this the backlog would never be empty again.
 */
export class OrphanedBatches {
  private readonly logger = new Logger('Backlog');
  private readonly redis: OrphanCommands;
  private suspects: ReadonlySet<string> = new Set();
  private lookedAt = -Infinity;

  constructor(
    redis: Redis,
    private readonly everyMs = EVERY_MS,
  ) {
    redis.defineCommand('forgetBatch', { numberOfKeys: 5, lua: FORGET });
    redis.defineCommand('settleBacklog', { numberOfKeys: 2, lua: SETTLE });
    this.redis = redis as OrphanCommands;
  }

  /** Forgets those without a job at two looks in a row, which lie at least a minute apart. Does nothing in between. */
  async look(): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt < this.everyMs) return;
    this.lookedAt = now;
    const found = await this.find();
    const sure = found.filter((id) => this.suspects.has(id));
    this.suspects = new Set(found);
    const forgotten = await Promise.all(sure.map(async (id) => await this.forget(id)));
    await this.redis.settleBacklog(STORED_KEY, BACKLOG_KEY);
    const count = forgotten.filter((was) => was === 1).length;
    if (count > 0) this.logger.warn(`${count} stored batches had no job and were forgotten.`);
  }

  private async forget(id: string): Promise<0 | 1> {
    return await this.redis.forgetBatch(
      STORED_KEY,
      BACKLOG_KEY,
      jobKey(id),
      bodiesKey(id),
      claimsKey(id),
      id,
    );
  }

  private async find(): Promise<string[]> {
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, page] = await this.redis.hscan(STORED_KEY, cursor, 'COUNT', AT_ONCE);
      cursor = next;
      const ids = page.filter((_, index) => index % 2 === 0);
      const exist = await Promise.all(ids.map(async (id) => await this.redis.exists(jobKey(id))));
      found.push(...ids.filter((_, index) => exist[index] === 0));
    } while (cursor !== '0');
    return found;
  }
}

function jobKey(id: string): string {
  return `${QUEUE_PREFIX}:${EVENTS_QUEUE}:${id}`;
}
