import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { JsonObject } from '../contracts/json.js';
import { hashOf } from '../contracts/hash-of.js';
import { QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';

/** For how long a message is known by its key, after the last one that had it. */
export const PLACE_KEEP_MS = 30 * 24 * 3_600_000;

/** By what a message is found again. */
export interface PlaceName {
  /** Name of the connection. */
  readonly connection: string;
  /** Name or id of the channel, as the rule or the connection has it. */
  readonly channel: string;
  /** The first message of a thread, or the one whose place later ones take. */
  readonly use: 'thread' | 'update';
  /** What the rule calls it. */
  readonly key: string;
}

/** Where a message stands. */
export interface MessagePlace {
  /** Id of the channel. */
  readonly channel: string;
  /** Its time stamp, which is its id within the channel. */
  readonly ts: string;
}

/** Where messages stand that later ones belong to, over all processes. */
@Injectable()
export class MessagePlaces {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  async find(name: PlaceName): Promise<MessagePlace | undefined> {
    const found = await this.redis.get(keyOf(name));
    if (found === null) return undefined;
    const { channel, ts } = JSON.parse(found) as JsonObject & MessagePlace;
    return { channel, ts };
  }

  /** From now on, and for `PLACE_KEEP_MS`. */
  async keep(name: PlaceName, { channel, ts }: MessagePlace): Promise<void> {
    await this.redis.set(keyOf(name), JSON.stringify({ channel, ts }), 'PX', PLACE_KEEP_MS);
  }
}

/** Keys of rules may hold what events tell of people, so only a hash of them is kept. */
function keyOf({ connection, channel, use, key }: PlaceName): string {
  return `${QUEUE_PREFIX}:place:${hashOf(JSON.stringify([connection, channel, use, key]), 43)}`;
}
