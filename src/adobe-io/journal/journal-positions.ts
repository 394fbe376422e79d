import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { isJsonObject, parseJson } from '../../contracts/json.js';
import { QUEUE_PREFIX } from '../../redis/keys.js';
import { RedisConnections } from '../../redis/redis-connections.js';
import type { JournalPlace } from './journal-links.js';

/** How far a journal has been read, everything before it being safe in the queue. */
export interface JournalPosition {
  /** The path of the journal: a position says nothing of another one. */
  readonly journal: string;
  readonly next: JournalPlace;
  /** What happened until then has been read, epoch milliseconds. */
  readonly readAt: number;
}

/** The positions in Redis, by the source's name. */
@Injectable()
export class JournalPositions {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  async get(source: string): Promise<JournalPosition | undefined> {
    const text = await this.redis.getBuffer(key(source));
    const value = text === null ? undefined : parseJson(text);
    if (!isJsonObject(value)) return undefined;
    const { journal, next, readAt } = value;
    if (typeof journal !== 'string' || typeof next !== 'string' || typeof readAt !== 'number')
      return undefined;
    return { journal, next, readAt };
  }

  async set(source: string, position: JournalPosition): Promise<void> {
    await this.redis.set(key(source), JSON.stringify(position));
  }
}

function key(source: string): string {
  return `${QUEUE_PREFIX}:adobe-journal:${source}`;
}
