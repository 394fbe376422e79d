import { hash, randomUUID } from 'node:crypto';
import type { ChainableCommander, Redis } from 'ioredis';
import type { Clock } from '../contracts/clock.js';
import type { CanonicalEvent } from '../contracts/event.js';
import { claimsKey, QUEUE_PREFIX } from '../redis/keys.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { periodsAt } from './seen-periods.js';
import { CLAIM_EVENTS } from './seen-script.js';

const PREFIX = `${QUEUE_PREFIX}:seen:`;

/** As long as the bodies of a batch are kept. */
const KEEP_CLAIMS_MS = 30 * 24 * 3_600_000;

/** Events of one script: while it runs Redis answers nobody else. */
const AT_ONCE = 500;

interface SeenPipeline extends ChainableCommander {
  claimEvents(key: string, ...args: (string | number)[]): this;
}

/**
 * Remembers every event by its id, some thirteen bytes each, for `REMEMBER_MS` after it last came. Time is that of the claim,
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
    const answers = await this.ask(owner, ids);
    if (ids.length === events.length) return ids.map((_, index) => answers[index] === '1');
    const granted = new Set(ids.filter((_, index) => answers[index] === '1'));
    return events.map(({ id }) => granted.delete(id));
  }

  /** A 1 for each event that is new for this owner, and a 0 for each other. */
  private async ask(owner: string, ids: readonly string[]): Promise<string> {
    if (ids.length === 0) return '';
    const { into, others, keepMs } = periodsAt(this.clock.now());
    const context = [PREFIX, into, keepMs, KEEP_CLAIMS_MS, randomUUID()];
    const pipeline = this.redis.pipeline() as SeenPipeline;
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const digits = ids
        .slice(from, from + AT_ONCE)
        .map(digitsOf)
        .join('');
      pipeline.claimEvents(claimsKey(owner), ...context, from, digits, ...others);
    }
    const answers = ((await pipeline.exec()) ?? []).map(([error, some]) => {
      if (error) throw error;
      return some as string;
    });
    return answers.join('');
  }
}

/** An id as the script knows it: 19 digits that a signed integer of 64 bits can hold, all but the first at random. */
function digitsOf(id: string): string {
  const hex = hash('sha256', id, 'hex');
  const high = 1e9 + (Number.parseInt(hex.slice(0, 12), 16) % 8e9);
  const low = 1e9 + (Number.parseInt(hex.slice(12, 24), 16) % 1e9);
  return `${high}${String(low).slice(1)}`;
}
