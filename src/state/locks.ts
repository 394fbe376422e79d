import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { KEY_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';

const ACQUIRE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

interface LockCommands extends Redis {
  acquireLock(key: string, token: string, leaseMs: number): Promise<0 | 1>;
  releaseLock(key: string, token: string): Promise<0 | 1>;
}

/** One holder a name, over all processes; ends by itself when its holder dies. */
@Injectable()
export class Locks {
  private readonly redis: LockCommands;

  constructor(connections: RedisConnections) {
    const redis = connections.forWorkers();
    redis.defineCommand('acquireLock', { numberOfKeys: 1, lua: ACQUIRE });
    redis.defineCommand('releaseLock', { numberOfKeys: 1, lua: RELEASE });
    this.redis = redis as LockCommands;
  }

  /** The holder may take it again, which renews the lease. @returns false when somebody else holds it. */
  async acquire(name: string, holder: string, leaseMs: number): Promise<boolean> {
    return (await this.redis.acquireLock(key(name), holder, leaseMs)) === 1;
  }

  async release(name: string, holder: string): Promise<void> {
    await this.redis.releaseLock(key(name), holder);
  }
}

function key(name: string): string {
  return `${KEY_PREFIX}:lock:${name}`;
}
