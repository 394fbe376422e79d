import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { KEY_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

interface LockCommands extends Redis {
  releaseLock(key: string, token: string): Promise<0 | 1>;
}

/** One holder a name, over all processes; ends by itself when its holder dies. */
@Injectable()
export class Locks {
  private readonly redis: LockCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('releaseLock', { numberOfKeys: 1, lua: RELEASE });
    this.redis = redis as LockCommands;
  }

  /** @returns false when somebody else holds it. */
  async acquire(name: string, token: string, leaseMs: number): Promise<boolean> {
    return (await this.redis.set(key(name), token, 'PX', leaseMs, 'NX')) === 'OK';
  }

  async release(name: string, token: string): Promise<void> {
    await this.redis.releaseLock(key(name), token);
  }
}

function key(name: string): string {
  return `${KEY_PREFIX}:lock:${name}`;
}
