import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { LEDGER_KEEP_SECONDS } from '../contracts/completeness.js';
import type { Effect } from '../contracts/effect.js';
import type { JsonObject } from '../contracts/json.js';
import { field, ledgerKey } from '../journal/completeness-keys.js';
import { QUEUE_PREFIX, REMEMBER_MS } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { CLAIM, GIVE_UP, SETTLE } from './ledger-scripts.js';

export type Claim =
  | { readonly verdict: 'go' | 'interrupted'; readonly plan?: JsonObject }
  | { readonly verdict: 'busy'; readonly until: number }
  | { readonly verdict: 'done' | 'unknown' };

/**
 * How an attempt ended. May be tried again: `waiting`, known not to have reached the target; `uncertain`, it may have.
 * Over: `done`; `unknown`, it may have reached the target and is not repeated; `failed`, until a person replays it.
 */
export type Settlement = 'done' | 'unknown' | 'failed' | 'waiting' | 'uncertain';

/** What the ledger needs to know of an effect to count how it ended. */
export type Counted = Pick<Effect, 'id' | 'origin'>;

/** What has been tried so far. */
export interface PastAttempts {
  readonly attempts: number;
  /** How the last one ended that reported: `code: sentence` of its failure. */
  readonly reason?: string;
}

/** How the counts of a line begin, and how many seconds its hour is kept. */
type Line = [line: string, keepSeconds: number];

interface LedgerCommands extends Redis {
  claimEffect(key: string, token: string, leaseMs: number, keepMs: number): Promise<[string, string, string]>;
  settleEffect(
    ...args: [key: string, hour: string, token: string, state: Settlement, summary: string, ...Line]
  ): Promise<0 | 1>;
  giveUpEffect(...args: [key: string, hour: string, ...Line]): Promise<null>;
}

/**
 * The memory of what was done: which effects have happened, whatever the queue has forgotten. An attempt claims its
 * effect, sends, and settles; a second claim of a finished effect is refused.
 */
@Injectable()
export class EffectLedger {
  private readonly redis: LedgerCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('claimEffect', { numberOfKeys: 1, lua: CLAIM });
    redis.defineCommand('settleEffect', { numberOfKeys: 2, lua: SETTLE });
    redis.defineCommand('giveUpEffect', { numberOfKeys: 2, lua: GIVE_UP });
    this.redis = redis as LedgerCommands;
  }

  /** `leaseMs` must be longer than the attempt can take: after it, the attempt counts as interrupted. */
  async claim(effectId: string, token: string, leaseMs: number): Promise<Claim> {
    const [verdict, plan, until] = await this.redis.claimEffect(key(effectId), token, leaseMs, REMEMBER_MS);
    switch (verdict) {
      case 'go':
      case 'interrupted':
        return plan === '' ? { verdict } : { verdict, plan: JSON.parse(plan) as JsonObject };
      case 'busy':
        return { verdict, until: Number(until) };
      case 'done':
      case 'unknown':
        return { verdict };
      default:
        throw new Error(`the ledger answered ${verdict}`);
    }
  }

  /** Keeps what the write will be, before it is made. */
  async keepPlan(effectId: string, plan: JsonObject): Promise<void> {
    await this.redis.hset(key(effectId), 'plan', JSON.stringify(plan));
  }

  /** Forgets what it was planned to write and what targets said, of effects of which nothing more may be known. */
  async forgetTexts(effectIds: readonly string[]): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const id of effectIds) pipeline.hdel(key(id), 'plan', 'summary');
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }

  /** For each effect what was tried so far, in one round trip. */
  async pastAttempts(effectIds: readonly string[]): Promise<PastAttempts[]> {
    const pipeline = this.redis.pipeline();
    for (const id of effectIds) pipeline.hmget(key(id), 'attempts', 'summary');
    return ((await pipeline.exec()) ?? []).map(([error, answer]) => {
      if (error) throw error;
      const [attempts, reason] = answer as [string | null, string | null];
      return { attempts: Number(attempts), ...(reason === null ? {} : { reason }) };
    });
  }

  /** Records how the attempt ended; when the effect is over, that is counted in the same step. */
  async settle({ id, origin }: Counted, token: string, state: Settlement, summary: string): Promise<void> {
    await this.redis.settleEffect(key(id), ledgerKey(origin.hour), token, state, summary, ...lineOf(origin));
  }

  /** Counts the effect as failed: its job becomes a dead letter. However often it is said, it counts once. */
  async giveUp({ id, origin }: Counted): Promise<void> {
    await this.redis.giveUpEffect(key(id), ledgerKey(origin.hour), ...lineOf(origin));
  }
}

function key(effectId: string): string {
  return `${QUEUE_PREFIX}:effect:${effectId}`;
}

function lineOf({ source, stream }: Effect['origin']): Line {
  return [field(source, stream, ''), LEDGER_KEEP_SECONDS];
}
