import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ChainableCommander, Redis } from 'ioredis';
import type { Decision } from '../contracts/decision.js';
import { KEY_PREFIX, REMEMBER_MS } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import type { JournalEntry, StoredEntry } from './journal-entry.js';
import { APPEND_ONCE, APPEND_WITHIN } from './journal-scripts.js';

/**
 * What could not be read has a stream of its own, so that no amount of traffic pushes it out. It keeps every piece
 * whole and is bounded by bytes; the others are bounded by count, where Redis trims whole blocks, so a few more entries
 * may stay.
 */
const STREAMS = {
  unreadable: { key: `${KEY_PREFIX}:quarantine`, keep: 256 * 1024 * 1024 },
  decision: { key: `${KEY_PREFIX}:decisions`, keep: 200_000 },
  audit: { key: `${KEY_PREFIX}:audit`, keep: 100_000 },
} as const;

export const AUDIT_STREAM = STREAMS.audit;

/** Entries of one round trip. A delivery of 3 MB can hold a million pieces that are no events. */
const AT_ONCE = 1_000;

export type EntryKind = keyof typeof STREAMS;

/** Which entries somebody looks for. */
export interface Wanted {
  /** Written then or later, epoch milliseconds. */
  readonly since: number;
  readonly matches: (entry: StoredEntry) => boolean;
}

interface JournalPipeline extends ChainableCommander {
  appendOnce(stream: string, mark: string, keepMs: number, keep: number, entry: string): this;
  appendWithin(stream: string, size: string, keepBytes: number, entry: string): this;
}

@Injectable()
export class Journal {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
    this.redis.defineCommand('appendOnce', { numberOfKeys: 2, lua: APPEND_ONCE });
    this.redis.defineCommand('appendWithin', { numberOfKeys: 2, lua: APPEND_WITHIN });
  }

  /**
   * Appends in order, a thousand in a round trip. A decision that stands in the book already, because its event was
   * delivered or its batch run again, is left out.
   * @returns for each entry whether it was appended.
   */
  async append(entries: readonly JournalEntry[]): Promise<boolean[]> {
    const appended: boolean[] = [];
    for (let from = 0; from < entries.length; from += AT_ONCE)
      appended.push(...(await this.appendSome(entries.slice(from, from + AT_ONCE))));
    return appended;
  }

  private async appendSome(entries: readonly JournalEntry[]): Promise<boolean[]> {
    const pipeline = this.redis.pipeline() as JournalPipeline;
    for (const entry of entries) {
      const { key, keep } = STREAMS[entry.kind];
      const text = JSON.stringify(entry);
      switch (entry.kind) {
        case 'decision':
          pipeline.appendOnce(key, markOf(entry.decision), REMEMBER_MS, keep, text);
          break;
        case 'unreadable':
          pipeline.appendWithin(key, `{${key}}:bytes`, keep, text);
          break;
        case 'audit':
          pipeline.xadd(key, 'MAXLEN', '~', keep, '*', 'entry', text);
          break;
      }
    }
    return ((await pipeline.exec()) ?? []).map(([error, position]) => {
      if (error) throw error;
      return position !== null;
    });
  }

  /** The newest entries of one kind, newest first. */
  async latest(kind: EntryKind, limit: number): Promise<StoredEntry[]> {
    return await this.page(kind, '+', '-', limit);
  }

  /**
   * The newest entries of one kind that are looked for, newest first. Goes through the book a thousand at a time, in the
   * worst case through all of it. `since`: epoch milliseconds of when they were written.
   */
  async find(kind: EntryKind, limit: number, { since, matches }: Wanted): Promise<StoredEntry[]> {
    const found: StoredEntry[] = [];
    for (let end = '+'; ;) {
      const page = await this.page(kind, end, String(since), AT_ONCE);
      found.push(...page.filter(matches));
      const last = page.at(-1);
      if (last === undefined || page.length < AT_ONCE || found.length >= limit) return found.slice(0, limit);
      end = `(${last.position}`;
    }
  }

  private async page(kind: EntryKind, end: string, start: string, count: number): Promise<StoredEntry[]> {
    const rows = await this.redis.xrevrange(STREAMS[kind].key, end, start, 'COUNT', count);
    return rows.map(([position, fields]) => ({
      ...(JSON.parse(fields[1] ?? '{}') as JournalEntry),
      position,
    }));
  }
}

/**
 * A rule that was mended, made live or given one more action since decides anew, and that is news. The braces put the
 * mark into the stream's slot of a Redis Cluster.
 */
function markOf({ ruleId, eventId, outcome, effects, reason }: Decision): string {
  // Why an event cannot be judged yet may change from one try to the next.
  const why = outcome === 'undecided' ? [reason] : [];
  const content = JSON.stringify([ruleId, eventId, outcome, effects.length, ...why]);
  return `{${STREAMS.decision.key}}:${hash('sha256', content, 'base64url').slice(0, 22)}`;
}
