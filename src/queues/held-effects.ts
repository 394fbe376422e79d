import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Effect } from '../contracts/effect.js';
import type { Holding } from '../contracts/flow.js';
import type { HeldEffect, HeldFiring } from '../contracts/held.js';
import {
  HELD_DECISIONS_KEY,
  HELD_NEWS_KEY,
  HELD_ORDER_PREFIX,
  heldKey,
  HOLDINGS_KEY,
} from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { HOLD_EFFECTS, LET_GO } from './held-scripts.js';

/** Effects of one round trip. */
const AT_ONCE = 500;

interface HeldCommands extends Redis {
  holdEffects(...keysAndArguments: string[]): Promise<null>;
  letGoHeld(holding: string, ...ids: string[]): Promise<null>;
}

/** A held effect of which the ledger has yet to hear. */
export interface HeldNews extends Partial<HeldEffect> {
  /** As it stands in the list of them. */
  readonly name: string;
}

/** The effects of rules that are held, until a person decides. Each is here once, or was. */
@Injectable()
export class HeldEffects {
  private readonly redis: HeldCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('holdEffects', { numberOfKeys: 3, lua: HOLD_EFFECTS });
    redis.defineCommand('letGoHeld', { numberOfKeys: 0, lua: LET_GO });
    this.redis = redis as HeldCommands;
  }

  /** Holds what firings would do. May be repeated, also when a person has decided meanwhile. */
  async add(firings: readonly HeldFiring[]): Promise<void> {
    const keys = [HOLDINGS_KEY, HELD_DECISIONS_KEY, HELD_NEWS_KEY];
    for (const { ruleId, holding, effects } of together(firings))
      for (let from = 0; from < effects.length; from += AT_ONCE) {
        const some = effects.slice(from, from + AT_ONCE);
        const texts = some.flatMap((each) => [each.effect.id, JSON.stringify(each)]);
        await this.redis.holdEffects(...keys, ruleId, holding.id, JSON.stringify(holding), ...texts);
      }
  }

  async count(holdingId: string): Promise<number> {
    return await this.redis.hlen(heldKey(holdingId));
  }

  /** The first of what is still held, in the order in which it came. */
  async first(holdingId: string, limit = AT_ONCE): Promise<HeldEffect[]> {
    return await this.read(holdingId, 0, limit);
  }

  /** All that is held, a page at a time. What is decided about meanwhile may push others out of sight. */
  async *pages(holdingId: string): AsyncGenerator<readonly HeldEffect[]> {
    for (let offset = 0; ; offset += AT_ONCE) {
      const page = await this.read(holdingId, offset, AT_ONCE);
      if (page.length > 0) yield page;
      if (page.length < AT_ONCE) return;
    }
  }

  /** These are held no more. */
  async letGo(holdingId: string, effectIds: readonly string[]): Promise<void> {
    if (effectIds.length > 0) await this.redis.letGoHeld(holdingId, ...effectIds);
  }

  /** Some of those of which the ledger has yet to hear; without the effect where that has gone by now. */
  async news(): Promise<HeldNews[]> {
    return await this.newsOf(await this.redis.srandmember(HELD_NEWS_KEY, AT_ONCE));
  }

  /** Every effect of which the ledger has yet to hear. */
  async *unheard(): AsyncGenerator<Effect> {
    const names = await this.redis.smembers(HELD_NEWS_KEY);
    for (let from = 0; from < names.length; from += AT_ONCE)
      for (const { effect } of await this.newsOf(names.slice(from, from + AT_ONCE)))
        if (effect !== undefined) yield effect;
  }

  async forgetNews(names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.redis.srem(HELD_NEWS_KEY, ...names);
  }

  private async newsOf(names: readonly string[]): Promise<HeldNews[]> {
    const pipeline = this.redis.pipeline();
    for (const name of names) {
      const [holdingId = '', id = ''] = name.split('|');
      pipeline.hget(heldKey(holdingId), id);
    }
    const texts = ((await pipeline.exec()) ?? []).map(([error, text]) => {
      if (error) throw error;
      return text as string | null;
    });
    return names.map((name, index) => {
      const text = texts[index];
      return text ? { name, ...(JSON.parse(text) as HeldEffect) } : { name };
    });
  }

  private async read(holdingId: string, offset: number, limit: number): Promise<HeldEffect[]> {
    const order = `${HELD_ORDER_PREFIX}${holdingId}`;
    const ids = await this.redis.zrangebyscore(order, '(0', '+inf', 'LIMIT', offset, limit);
    const texts = ids.length === 0 ? [] : await this.redis.hmget(heldKey(holdingId), ...ids);
    return texts.flatMap((text) => (text === null ? [] : (JSON.parse(text) as HeldEffect)));
  }
}

/** Those of one holding in one go. */
function together(firings: readonly HeldFiring[]): Pick<HeldFiring, 'ruleId' | 'holding' | 'effects'>[] {
  const byHolding = new Map<string, { ruleId: string; holding: Holding; effects: HeldEffect[] }>();
  for (const { ruleId, holding, effects } of firings) {
    const known = byHolding.get(holding.id);
    if (known === undefined) byHolding.set(holding.id, { ruleId, holding, effects: [...effects] });
    else known.effects.push(...effects);
  }
  return [...byHolding.values()];
}
