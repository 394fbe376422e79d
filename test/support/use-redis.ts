import type { Redis } from 'ioredis';
import { RedisConnections } from '../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from './redis.js';

/** What a test may use, from `beforeAll` on. */
export interface UsedRedis {
  readonly url: string;
  readonly connections: RedisConnections;
  readonly client: Redis;
}

/** To be called in a `describe` or at the top of a file: a Redis for all its tests, empty before each. */
export function useRedis(): UsedRedis {
  let server: RedisForTest;
  let connections: RedisConnections;
  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
  });
  beforeEach(async () => {
    await connections.forWorkers().flushall();
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });
  return {
    get url() {
      return server.url;
    },
    get connections() {
      return connections;
    },
    get client() {
      return connections.forWorkers();
    },
  };
}
