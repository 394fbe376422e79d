import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { ERASED_FIELD } from '../contracts/memory.js';
import { ERASED_KEY, ownerKey } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';

/** When each was erased, epoch milliseconds; by owner. */
export type Erasures = ReadonlyMap<string, number>;

export interface ErasedPerson {
  /** The one who was erased: the person, or the one into whom the person had been merged. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Who was erased from memory, for whoever keeps something about people elsewhere. */
@Injectable()
export class ErasedPeople {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  /** Those who were erased until `time`, epoch milliseconds, and are not forgotten; the longest ago first. */
  async until(time: number, limit: number): Promise<Erasures> {
    const flat = await this.redis.zrangebyscore(ERASED_KEY, 0, time, 'WITHSCORES', 'LIMIT', 0, limit);
    const erased = new Map<string, number>();
    for (let at = 0; at < flat.length; at += 2) erased.set(flat[at] ?? '', Number(flat[at + 1]));
    return erased;
  }

  /** Everything about them is erased elsewhere too. */
  async forget(owners: readonly string[]): Promise<void> {
    if (owners.length > 0) await this.redis.zrem(ERASED_KEY, ...owners);
  }

  /**
   * Which of these owners were erased, or merged into one who was: owner → the one who was erased. It is known of each
   * for `REMEMBER_MS` at least.
   */
  async among(owners: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const erased = new Map<string, string>();
    let open = owners.map((owner) => ({ owner, living: owner }));
    while (open.length > 0) {
      const successors = await this.successorsOf(open.map(({ living }) => living));
      const merged: typeof open = [];
      for (const [index, { owner, living }] of open.entries()) {
        const successor = successors[index];
        if (successor === '') erased.set(owner, living);
        else if (successor !== undefined) merged.push({ owner, living: successor });
      }
      open = merged;
    }
    return erased;
  }

  /** Of these owners those who are among the erasures themselves or through whom they were merged into. */
  async whenOf(owners: readonly string[], erasures: Erasures): Promise<ReadonlyMap<string, ErasedPerson>> {
    const distinct = [...new Set(owners)];
    const merged = await this.among(distinct);
    const found = new Map<string, ErasedPerson>();
    for (const person of distinct) {
      const owner = erasures.has(person) ? person : (merged.get(person) ?? '');
      const at = erasures.get(owner);
      if (at !== undefined) found.set(person, { owner, at });
    }
    return found;
  }

  private async successorsOf(owners: readonly string[]): Promise<(string | undefined)[]> {
    const pipeline = this.redis.pipeline();
    for (const owner of owners) pipeline.hget(ownerKey(owner), ERASED_FIELD);
    return ((await pipeline.exec()) ?? []).map(([error, successor]) => {
      if (error) throw error;
      return (successor as string | null) ?? undefined;
    });
  }
}
