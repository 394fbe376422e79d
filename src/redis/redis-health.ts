import { Injectable } from '@nestjs/common';
import { Health, type HealthDetail } from '../observability/health.js';
import { RedisConnections } from './redis-connections.js';

/** Shorter than probes wait, so that they read why it is not ready. */
const WAIT_MS = 800;

/** Ready means that Redis answers now: without it nothing can be stored. */
@Injectable()
export class RedisHealth {
  constructor(health: Health, connections: RedisConnections) {
    const redis = connections.forRequests();
    health.register('redis', async (): Promise<HealthDetail> => {
      const began = performance.now();
      const answer = await Promise.race([redis.ping(), afterWaiting()]);
      if (answer === 'late') return { ok: false, detail: `no answer within ${WAIT_MS} ms` };
      return { ok: true, detail: `answers within ${Math.ceil(performance.now() - began)} ms` };
    });
  }
}

function afterWaiting(): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(resolve, WAIT_MS, 'late' as const).unref();
  });
}
