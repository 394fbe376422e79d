import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';

/** Name of a stream → epoch milliseconds of what was heard last before the silence that was told. */
const TOLD_KEY = `${QUEUE_PREFIX}:silences`;

/** Source → since when something has been expected of it; and when somebody watched. Epoch milliseconds. */
const WATCHED_KEY = `${QUEUE_PREFIX}:watched`;

/** Names of sources begin with a letter or a digit. */
const [SINCE, LAST] = ['.since', '.last'];

/** Longer than the time between two looks: nobody was there. */
const AWAY_MS = 5 * 60_000;

/** What the watch remembers over restarts, and in common with those of other processes. */
@Injectable()
export class WatchMemory {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  /** The silences that were told and have not ended. */
  async told(): Promise<Map<string, number>> {
    const told = Object.entries(await this.redis.hgetall(TOLD_KEY));
    return new Map(told.map(([name, heardAt]) => [name, Number(heardAt)]));
  }

  async remember(name: string, heardAt: number): Promise<void> {
    await this.redis.hset(TOLD_KEY, name, heardAt);
  }

  async forget(name: string): Promise<void> {
    await this.redis.hdel(TOLD_KEY, name);
  }

  /** Since when a source that was never heard is watched. */
  async expectedSince(source: string, now: number): Promise<number> {
    await this.redis.hsetnx(WATCHED_KEY, source, now);
    return Number(await this.redis.hget(WATCHED_KEY, source));
  }

  /** Notes that somebody watches now. @returns since when somebody has, without a break. */
  async watchedSince(now: number): Promise<number> {
    const [since, last] = await this.redis.hmget(WATCHED_KEY, SINCE, LAST);
    const begins = since === null || last === null || now - Number(last) > AWAY_MS ? now : Number(since);
    await this.redis.hset(WATCHED_KEY, { [SINCE]: begins, [LAST]: now });
    return begins;
  }
}
