import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ChainableCommander, Redis } from 'ioredis';
import { KEY_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { CLAIM_TURN } from './throttle-script.js';

/** Somebody wants to fire for this key with this event. */
export interface TurnRequest {
  readonly ruleId: string;
  /** What the throttle counts by: a lead id, an instance. */
  readonly key: string;
  readonly eventId: string;
  /** Event time, epoch milliseconds. */
  readonly time: number;
  readonly everyMs: number;
}

/** The answer: fire now, with what was held back since the last time; or wait. */
export type Turn =
  | { readonly granted: true; readonly heldBack: HeldBack }
  | { readonly granted: false; readonly until: number };

/** What was held back since the turn before. */
export interface HeldBack {
  readonly count: number;
  /** Ids of the events, the first fifty. */
  readonly events: readonly string[];
}

/** A redelivery may come this much later than the event it repeats. */
const REDELIVERY_HORIZON_MS = 8 * 24 * 3_600_000;

interface ThrottlePipeline extends ChainableCommander {
  claimTurn(key: string, eventId: string, time: number, everyMs: number, keepMs: number): this;
}
type ScriptAnswer = [granted: 0 | 1, until: string, count: number, ...events: string[]];

@Injectable()
export class Throttles {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
    this.redis.defineCommand('claimTurn', { numberOfKeys: 1, lua: CLAIM_TURN });
  }

  /**
   * Asks for a turn for each request, in order, in one round trip. Time is the events' own; an event that was granted
   * its turn is granted it again however often it is delivered.
   */
  async claim(requests: readonly TurnRequest[]): Promise<Turn[]> {
    if (requests.length === 0) return [];
    const pipeline = this.redis.pipeline() as ThrottlePipeline;
    for (const { ruleId, key, eventId, time, everyMs } of requests) {
      pipeline.claimTurn(redisKey(ruleId, key), eventId, time, everyMs, everyMs + REDELIVERY_HORIZON_MS);
    }
    return ((await pipeline.exec()) ?? []).map(([error, answer]) => {
      if (error) throw error;
      return turn(answer as ScriptAnswer);
    });
  }
}

function turn([granted, until, count, ...events]: ScriptAnswer): Turn {
  return granted === 1
    ? { granted: true, heldBack: { count, events } }
    : { granted: false, until: Number(until) };
}

/** Keys come from events, so they are hashed: any text, any length, always the same size in Redis. */
function redisKey(ruleId: string, key: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([ruleId, key]))
    .digest('base64url')
    .slice(0, 22);
  return `${KEY_PREFIX}:throttle:${hash}`;
}
