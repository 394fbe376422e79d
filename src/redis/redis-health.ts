import { Injectable } from '@nestjs/common';
import { Health, type HealthDetail } from '../observability/health.js';
import { Metrics } from '../observability/metrics.js';
import { RedisConnections } from './redis-connections.js';
import { RedisEpoch } from './redis-epoch.js';
import { memoryRatio } from './redis-memory.js';

/** Shorter than probes wait, so that they read why it is not ready. */
const WAIT_MS = 800;

/** Ready means that Redis answers now and has room: without that nothing can be stored. */
@Injectable()
export class RedisHealth {
  constructor(health: Health, connections: RedisConnections, epoch: RedisEpoch, { redisLosses }: Metrics) {
    epoch.onLoss(() => {
      redisLosses.inc();
    });
    const redis = connections.forRequests();
    health.register('redis', async (): Promise<HealthDetail> => {
      const began = performance.now();
      const memory = await Promise.race([redis.info('memory'), afterWaiting()]);
      if (memory === 'late') return { ok: false, detail: `no answer within ${WAIT_MS} ms` };
      if ((memoryRatio(memory) ?? 0) >= 1)
        return { ok: false, detail: 'full: give it more maxmemory, or replay and clear what waits' };
      return { ok: true, detail: `answers within ${Math.ceil(performance.now() - began)} ms` };
    });
  }
}

function afterWaiting(): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(resolve, WAIT_MS, 'late' as const).unref();
  });
}
