import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { KEY_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import type { JournalEntry, StoredEntry } from './journal-entry.js';

/**
 * What could not be read has a stream of its own, so that no amount of traffic pushes it out. Each is bounded by
 * count; Redis trims whole blocks, so a few more entries may stay.
 */
const STREAMS = {
  unreadable: { key: `${KEY_PREFIX}:quarantine`, keep: 50_000 },
  decision: { key: `${KEY_PREFIX}:decisions`, keep: 200_000 },
  effect: { key: `${KEY_PREFIX}:effects`, keep: 200_000 },
} as const;

/** Entries of one round trip. A delivery of 3 MB can hold a million pieces that are no events. */
const AT_ONCE = 1_000;

export type EntryKind = keyof typeof STREAMS;

@Injectable()
export class Journal {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  /** Appends in order, a thousand in a round trip. A retried batch may append the same decision twice. */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    for (let from = 0; from < entries.length; from += AT_ONCE)
      await this.appendSome(entries.slice(from, from + AT_ONCE));
  }

  private async appendSome(entries: readonly JournalEntry[]): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const entry of entries) {
      const { key, keep } = STREAMS[entry.kind];
      pipeline.xadd(key, 'MAXLEN', '~', keep, '*', 'entry', JSON.stringify(entry));
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }

  /** The newest entries of one kind, newest first. */
  async latest(kind: EntryKind, limit: number): Promise<StoredEntry[]> {
    const rows = await this.redis.xrevrange(STREAMS[kind].key, '+', '-', 'COUNT', limit);
    return rows.map(([position, fields]) => ({
      ...(JSON.parse(fields[1] ?? '{}') as JournalEntry),
      position,
    }));
  }
}
