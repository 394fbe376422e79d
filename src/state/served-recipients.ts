import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { QUEUE_PREFIX, REMEMBER_MS } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';

/** Who has an effect already, where it went to some of its recipients and is still to go to the others. */
@Injectable()
export class ServedRecipients {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  async of(effectId: string): Promise<ReadonlySet<string>> {
    return new Set(await this.redis.smembers(keyOf(effectId)));
  }

  /** They are remembered as long as the effect may come back. */
  async add(effectId: string, recipients: readonly string[]): Promise<void> {
    if (recipients.length === 0) return;
    const key = keyOf(effectId);
    await this.redis
      .multi()
      .sadd(key, ...recipients)
      .pexpire(key, REMEMBER_MS)
      .exec();
  }
}

function keyOf(effectId: string): string {
  return `${QUEUE_PREFIX}:served:${effectId}`;
}
