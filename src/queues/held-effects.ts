import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Effect } from '../contracts/effect.js';
import type { Holding } from '../contracts/flow.js';
import type { HeldEffect, HeldFiring, HeldReport } from '../contracts/held.js';
import {
  HELD_DECISIONS_KEY,
  HELD_KINDS_PREFIX,
  HELD_LEADS_PREFIX,
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

/** Some of the leads for whom something is held. */
export interface LeadsPage {
  readonly leads: readonly string[];
  /** To be given for those that come after; undefined when there are none. */
  readonly cursor?: string;
}

interface HeldPage {
  readonly effects: HeldEffect[];
  /** The place of the last one; undefined when there are no more. */
  readonly last?: string;
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
        const texts = some.flatMap((each) => [each.effect.id, heldText(each)]);
        await this.redis.holdEffects(...keys, ruleId, holding.id, JSON.stringify(holding), ...texts);
      }
  }

  async count(holdingId: string): Promise<number> {
    return await this.redis.hlen(heldKey(holdingId));
  }

  /** How much is held, of which kinds, for how many leads; nothing is read for it but counts. */
  async counts(holdingId: string): Promise<Pick<HeldReport, 'effects' | 'leads' | 'kinds'>> {
    const [effects, leads, kinds] = await Promise.all([
      this.count(holdingId),
      this.redis.zcard(`${HELD_LEADS_PREFIX}${holdingId}`),
      this.redis.hgetall(`${HELD_KINDS_PREFIX}${holdingId}`),
    ]);
    const each = Object.entries(kinds).map(([kind, count]) => {
      const [type = '', to = ''] = kind.split(' ');
      return { type, to, effects: Number(count) };
    });
    return { effects, leads, kinds: each.sort((a, b) => b.effects - a.effects) };
  }

  /** Leads for whom something is held, in the order in which they came. `cursor`: of the page before. */
  async leads(holdingId: string, limit: number, cursor = '0'): Promise<LeadsPage> {
    const { members: leads, last } = await this.page(`${HELD_LEADS_PREFIX}${holdingId}`, cursor, limit);
    return last === undefined ? { leads } : { leads, cursor: last };
  }

  /** The first of what is still held, in the order in which it came. */
  async first(holdingId: string, limit = AT_ONCE): Promise<HeldEffect[]> {
    return (await this.read(holdingId, '0', limit)).effects;
  }

  /** All that is held, a page at a time. */
  async *pages(holdingId: string): AsyncGenerator<readonly HeldEffect[]> {
    for (let after: string | undefined = '0'; after !== undefined;) {
      const { effects, last }: HeldPage = await this.read(holdingId, after, AT_ONCE);
      if (effects.length > 0) yield effects;
      after = last;
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
      return text ? { name, ...heldIn(text) } : { name };
    });
  }

  /** `after`: the place of the last one before these. */
  private async read(holdingId: string, after: string, limit: number): Promise<HeldPage> {
    const { members: ids, ...more } = await this.page(`${HELD_ORDER_PREFIX}${holdingId}`, after, limit);
    const texts = ids.length === 0 ? [] : await this.redis.hmget(heldKey(holdingId), ...ids);
    return { effects: texts.flatMap((text) => (text === null ? [] : heldIn(text))), ...more };
  }

  /** Of a sorted set what stands after a place. `last`: the place of the last of these; undefined when there are no more. */
  private async page(
    key: string,
    after: string,
    limit: number,
  ): Promise<{ readonly members: string[]; readonly last?: string }> {
    const range = [`(${after}`, '+inf', 'WITHSCORES', 'LIMIT', 0, limit] as const;
    const flat = await this.redis.zrangebyscore(key, ...range);
    const members = flat.filter((_, index) => index % 2 === 0);
    const last = flat.at(-1);
    return members.length < limit || last === undefined ? { members } : { members, last };
  }
}

/** What the scripts count of an effect, in a line of its own, and the effect with its leads. */
function heldText(held: HeldEffect): string {
  const { effect, leads } = held;
  return `${JSON.stringify({ kind: `${effect.type} ${effect.to}`, leads })}\n${JSON.stringify(held)}`;
}

function heldIn(text: string): HeldEffect {
  return JSON.parse(text.slice(text.indexOf('\n') + 1)) as HeldEffect;
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
