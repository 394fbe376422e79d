import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Holding } from '../contracts/flow.js';
import type { HeldDecision, HeldRule } from '../contracts/held.js';
import { HELD_DECISIONS_KEY, HELD_ORDER_PREFIX, HOLDINGS_KEY, LIMIT_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { DECIDE, DECIDE_FIRST, PART } from './held-scripts.js';

/** A batch that may be repeated has forgotten by then what it was told. */
const KEEP_DECISION_MS = 31 * 24 * 3_600_000;

/** The most that can be released alone, in one step. */
export const MOST_FIRST = 1_000;

interface HeldCommands extends Redis {
  decideHeld(keys: number, ...keysAndArguments: (string | number)[]): Promise<string | null>;
  decideFirstHeld(...keysAndArguments: (string | number)[]): Promise<string | null>;
}

type Decided = Pick<HeldDecision, 'ruleId' | 'decision' | 'by' | 'at'>;

/** The rules that are held, and what people decide about them. */
@Injectable()
export class HeldRules {
  private readonly redis: HeldCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('decideHeld', { lua: DECIDE });
    redis.defineCommand('decideFirstHeld', { numberOfKeys: 2, lua: DECIDE_FIRST });
    this.redis = redis as HeldCommands;
  }

  /** The longest held first, those of the same time by their ids. */
  async list(): Promise<HeldRule[]> {
    const rules = Object.entries(await this.redis.hgetall(HOLDINGS_KEY));
    return rules
      .map(([ruleId, text]) => ({ ruleId, ...(JSON.parse(text) as Holding) }))
      .sort((a, b) => a.since - b.since || (a.ruleId < b.ruleId ? -1 : 1));
  }

  async find(ruleId: string): Promise<HeldRule | undefined> {
    const text = await this.redis.hget(HOLDINGS_KEY, ruleId);
    return text === null ? undefined : { ruleId, ...(JSON.parse(text) as Holding) };
  }

  /**
   * Decides about all that is held of a rule, in one step; workers then see it through. The rule acts again, and its limit
   * counts anew. Undefined when it is not held.
   */
  async decide({ ruleId, decision, by, at }: Decided): Promise<HeldDecision | undefined> {
    const counts = ['firings', 'leads'].map((what) => `${LIMIT_PREFIX}${what}:${ruleId}`);
    const keys = [HOLDINGS_KEY, HELD_DECISIONS_KEY, ...counts];
    return read(await this.redis.decideHeld(keys.length, ...keys, ruleId, decision, by, at));
  }

  /** The same of the first effects alone, at most `MOST_FIRST`; the rule stays held. Undefined when there are none. */
  async decideFirst({ ruleId, decision, by, at }: Decided, count: number): Promise<HeldDecision | undefined> {
    const most = Math.min(count, MOST_FIRST);
    const args = [ruleId, decision, by, at, most];
    return read(await this.redis.decideFirstHeld(HOLDINGS_KEY, HELD_DECISIONS_KEY, ...args));
  }

  /** What was decided in the last month, the oldest first. */
  async decided(): Promise<HeldDecision[]> {
    const texts = await this.redis.hvals(HELD_DECISIONS_KEY);
    return texts.map((text) => JSON.parse(text) as HeldDecision).sort((a, b) => a.at - b.at);
  }

  /**
   * Forgets a decision that was seen through when nobody can come late any more: to the first few that were decided about
   * alone nobody comes at all. `now`: epoch milliseconds.
   */
  async forget({ id, at }: HeldDecision, now: number): Promise<void> {
    if (!id.includes(PART) && at > now - KEEP_DECISION_MS) return;
    await this.redis.hdel(HELD_DECISIONS_KEY, id);
    await this.redis.unlink(`${HELD_ORDER_PREFIX}${id}`);
  }
}

function read(text: string | null): HeldDecision | undefined {
  return text === null ? undefined : (JSON.parse(text) as HeldDecision);
}
