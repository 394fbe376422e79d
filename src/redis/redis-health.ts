import { Injectable } from '@nestjs/common';
import { Health, type HealthDetail } from '../observability/health.js';
import { RedisConnections } from './redis-connections.js';

/** Shorter than probes wait, so that they read why it is not ready. */
const WAIT_MS = 800;

/** Ready means that Redis answers now and has room: without that nothing can be stored. */
@Injectable()
export class RedisHealth {
  constructor(health: Health, connections: RedisConnections) {
    const redis = connections.forRequests();
    health.register('redis', async (): Promise<HealthDetail> => {
      const began = performance.now();
      const memory = await Promise.race([redis.info('memory'), afterWaiting()]);
      if (memory === 'late') return { ok: false, detail: `no answer within ${WAIT_MS} ms` };
      if (isFull(memory))
        return { ok: false, detail: 'full: give it more maxmemory, or replay and clear what waits' };
      return { ok: true, detail: `answers within ${Math.ceil(performance.now() - began)} ms` };
    });
  }
}

/** `info`: the memory section of INFO; maxmemory 0 is no limit. */
function isFull(info: string): boolean {
  const number = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = number('maxmemory');
  return limit > 0 && number('used_memory') >= limit;
}

function afterWaiting(): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(resolve, WAIT_MS, 'late' as const).unref();
  });
}
