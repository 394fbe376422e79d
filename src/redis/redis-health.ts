import { Injectable, Logger } from '@nestjs/common';
import { Health, type HealthDetail } from '../observability/health.js';
import { Metrics } from '../observability/metrics.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { clockOffset } from './clock-offset.js';
import { RedisConnections } from './redis-connections.js';
import { RedisEpoch } from './redis-epoch.js';
import { memoryRatio } from './redis-memory.js';
import { redisTrouble } from './redis-trouble.js';

/** Shorter than probes wait, so that they read why it is not ready. */
const WAIT_MS = 800;

/** Ready means that Redis answers now and has room: without that nothing can be stored. */
@Injectable()
export class RedisHealth {
  private readonly seldom = new SeldomLog(new Logger('Redis'));

  constructor(health: Health, connections: RedisConnections, epoch: RedisEpoch, { redisLosses }: Metrics) {
    epoch.onLoss(() => {
      redisLosses.inc();
    });
    const redis = connections.forRequests();
    health.register('redis', async (): Promise<HealthDetail> => {
      const began = performance.now();
      const answer = await Promise.race([
        Promise.all([redis.info('memory'), redis.time()]).catch(redisTrouble),
        afterWaiting(),
      ]);
      if (answer === 'late') return { ok: false, detail: `no answer within ${WAIT_MS} ms` };
      if (typeof answer === 'string') return { ok: false, detail: answer };
      const [memory, time] = answer;
      if ((memoryRatio(memory) ?? 0) >= 1)
        return { ok: false, detail: 'full: give it more maxmemory, or replay and clear what waits' };
      const offset = clockOffset(time, Date.now());
      // Where a proxy or a container asks whether it is ready, nobody reads the answer of one that is.
      if (offset !== undefined)
        this.seldom.warn('clock', `What rules wait for comes at a wrong time: ${offset}.`);
      const words = [`answers within ${Math.ceil(performance.now() - began)} ms`, offset];
      return { ok: true, detail: words.filter((each) => each !== undefined).join('; ') };
    });
  }
}

function afterWaiting(): Promise<'late'> {
  return new Promise((resolve) => {
    setTimeout(resolve, WAIT_MS, 'late' as const).unref();
  });
}
