import { createHash } from 'node:crypto';
import type { ChainableCommander, Redis } from 'ioredis';
import type { Clock } from '../contracts/clock.js';
import type { CanonicalEvent } from '../contracts/event.js';
import { claimsKey, QUEUE_PREFIX } from '../redis/keys.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { periodsAt } from './seen-periods.js';
import { CLAIM_EVENTS } from './seen-script.js';

/** Far longer than a batch waits; those of a dead letter are kept for as long as it takes. */
const KEEP_CLAIMS_MS = 30 * 24 * 3_600_000;

/** Events of one script: while it runs Redis answers nobody else. */
const AT_ONCE = 500;

interface SeenPipeline extends ChainableCommander {
  claimEvents(key: string, ...args: (string | number)[]): this;
}

/**
 * Remembers every event by its id, some ten bytes each, for `REMEMBER_MS` after it last came. Time is that of the claim,
 * whatever time the event tells: senders that write another one at each attempt are recognised too.
 */
export class SeenEvents {
  private readonly redis: Redis;

  constructor(
    connections: RedisConnections,
    private readonly clock: Clock,
  ) {
    this.redis = connections.forWorkers();
    this.redis.defineCommand('claimEvents', { numberOfKeys: 1, lua: CLAIM_EVENTS });
  }

  /**
   * Says of each event, in order, whether this owner is the one to process it: true for exactly one of all that claim
   * it, and for the first of several in `events` that are the same. An owner who claims again, because a crash came
   * between, is told what it was told before, until its claims are dropped.
   */
  async claim(owner: string, events: readonly Pick<CanonicalEvent, 'id'>[]): Promise<boolean[]> {
    const ids = [...new Set(events.map(({ id }) => id))];
    const isNew = new Map<string, boolean>();
    for (const [index, answer] of (await this.ask(owner, ids)).entries())
      isNew.set(ids[index] as string, answer === 1);
    return events.map(({ id }) => {
      const answer = isNew.get(id) === true;
      isNew.set(id, false);
      return answer;
    });
  }

  private async ask(owner: string, ids: readonly string[]): Promise<(0 | 1)[]> {
    if (ids.length === 0) return [];
    const { into, others, keepMs } = periodsAt(this.clock.now());
    const context = [`${QUEUE_PREFIX}:seen:`, into, keepMs, KEEP_CLAIMS_MS, others.length, ...others];
    const pipeline = this.redis.pipeline() as SeenPipeline;
    for (let from = 0; from < ids.length; from += AT_ONCE)
      pipeline.claimEvents(
        claimsKey(owner),
        ...context,
        ...ids.slice(from, from + AT_ONCE).flatMap(fingerprint),
      );
    return ((await pipeline.exec()) ?? []).flatMap(([error, answers]) => {
      if (error) throw error;
      return answers as (0 | 1)[];
    });
  }
}

/** An id as the script knows it: a signed integer of 64 bits, and other bits for the name of the set. */
function fingerprint(id: string): [member: string, path: string] {
  const hash = createHash('sha256').update(id).digest('hex');
  return [BigInt.asIntN(64, BigInt(`0x${hash.slice(0, 16)}`)).toString(), hash.slice(16, 24)];
}
