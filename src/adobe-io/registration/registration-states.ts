import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { isJsonObject, parseJson } from '../../contracts/json.js';
import { QUEUE_PREFIX } from '../../redis/keys.js';
import { RedisConnections } from '../../redis/redis-connections.js';
import type { RegistrationState } from './registration-client.js';

/** A state with its beginning, as far as was seen. */
export interface KnownState extends RegistrationState {
  /** Epoch milliseconds. */
  readonly since: number;
}

/** What was last heard of each registration, in Redis by the source's name. */
@Injectable()
export class RegistrationStates {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  async get(source: string): Promise<KnownState | undefined> {
    const text = await this.redis.getBuffer(key(source));
    const value = text === null ? undefined : parseJson(text);
    if (!isJsonObject(value)) return undefined;
    const { enabled, status, since } = value;
    if (typeof enabled !== 'boolean' || typeof status !== 'string' || typeof since !== 'number')
      return undefined;
    return { enabled, status, since };
  }

  async set(source: string, state: KnownState): Promise<void> {
    await this.redis.set(key(source), JSON.stringify(state));
  }
}

function key(source: string): string {
  return `${QUEUE_PREFIX}:adobe-registration:${source}`;
}
