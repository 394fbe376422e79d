import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';

/** Rule id → how far its timetable was told, as JSON. */
const KEY = `${QUEUE_PREFIX}:schedule`;

/** How far the runs of a rule were told. */
export interface ToldSchedule {
  /** Its timetable, or that it had none: with another the rule begins anew. */
  readonly timetable: string;
  /** Its last run that was told or left out, or when the rule was seen first; epoch milliseconds. */
  readonly until: number;
  /** Runs that were left out since the last told one. */
  readonly leftOut: number;
}

/** What the scheduler remembers over restarts, and in common with those of other processes. */
@Injectable()
export class ScheduleMemory {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  /** By rule id; a rule that was never seen is missing. */
  async of(ruleIds: readonly string[]): Promise<Map<string, ToldSchedule>> {
    if (ruleIds.length === 0) return new Map();
    const texts = await this.redis.hmget(KEY, ...ruleIds);
    return new Map(
      ruleIds.flatMap((id, index) => {
        const text = texts[index] ?? undefined;
        return text === undefined ? [] : [[id, JSON.parse(text) as ToldSchedule] as const];
      }),
    );
  }

  async remember(ruleId: string, told: ToldSchedule): Promise<void> {
    await this.redis.hset(KEY, ruleId, JSON.stringify(told));
  }
}
