import { Injectable } from '@nestjs/common';
import { Health, type HealthDetail } from '../observability/health.js';
import { RedisConnections } from './redis-connections.js';

/** Ready means that Redis answers now: without it nothing can be stored. */
@Injectable()
export class RedisHealth {
  constructor(health: Health, connections: RedisConnections) {
    const redis = connections.forRequests();
    health.register('redis', async (): Promise<HealthDetail> => {
      const began = performance.now();
      await redis.ping();
      return { ok: true, detail: `answers within ${Math.ceil(performance.now() - began)} ms` };
    });
  }
}
