import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Effect } from '../contracts/effect.js';
import { RedisConnections } from '../redis/redis-connections.js';
import type { JournalEntry } from './journal-entry.js';
import { EFFECT_STREAM } from './journal.js';

/** Entries of one round trip; each has 16 kB of parameters at most. */
const AT_ONCE = 500;

/** An effect as it stands in the book. */
export interface EffectEntry {
  readonly position: string;
  readonly effect: Effect;
}

/** The book of effects for whoever goes through all of it. */
@Injectable()
export class EffectEntries {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  /** A page at a time, oldest first. */
  async *pages(): AsyncGenerator<readonly EffectEntry[]> {
    for (let start = '-'; ;) {
      const rows = await this.redis.xrange(EFFECT_STREAM.key, start, '+', 'COUNT', AT_ONCE);
      yield rows.map(([position, fields]) => {
        const { record } = JSON.parse(fields[1] ?? '') as Extract<JournalEntry, { kind: 'effect' }>;
        return { position, effect: record.effect };
      });
      const last = rows.at(-1);
      if (last === undefined || rows.length < AT_ONCE) return;
      start = `(${last[0]}`;
    }
  }

  async remove(positions: readonly string[]): Promise<void> {
    if (positions.length > 0) await this.redis.xdel(EFFECT_STREAM.key, ...positions);
  }
}
