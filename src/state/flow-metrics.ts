import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Gauge } from 'prom-client';
import { stateOfSilence } from '../contracts/silence.js';
import { inTime } from '../observability/in-time.js';
import { Metrics } from '../observability/metrics.js';
import { DUE_KEY } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { Silences } from './silences.js';

/** What stands between matching and acting, asked of Redis when somebody reads the metrics. */
@Injectable()
export class FlowMetrics {
  private readonly redis: Redis;

  constructor(
    connections: RedisConnections,
    silences: Silences,
    private readonly metrics: Metrics,
  ) {
    this.redis = connections.forRequests();
    this.waits();
    this.overdue();
    this.inForce(silences);
  }

  private waits(): void {
    const count = (now: number) =>
      Promise.all([this.redis.zcount(DUE_KEY, `(${now}`, '+inf'), this.redis.zcount(DUE_KEY, '-inf', now)]);
    new Gauge({
      name: 'signalman_waits',
      help: 'Events that wait in the flow of rules: for their time, or due and not gone on with yet.',
      labelNames: ['state'],
      registers: [this.metrics.registry],
      async collect() {
        const counts = await inTime(count(Date.now()));
        if (counts === undefined) return;
        this.set({ state: 'waiting' }, counts[0]);
        this.set({ state: 'due' }, counts[1]);
      },
    });
  }

  private overdue(): void {
    const oldest = () => this.redis.zrange(DUE_KEY, '0', '0', 'WITHSCORES');
    new Gauge({
      name: 'signalman_waits_overdue_seconds',
      help: 'How long the oldest of what waits in the flow of rules is due.',
      registers: [this.metrics.registry],
      async collect() {
        const now = Date.now();
        const found = await inTime(oldest());
        if (found !== undefined) this.set(Math.max(0, now - Number(found[1] ?? now)) / 1_000);
      },
    });
  }

  private inForce(silences: Silences): void {
    new Gauge({
      name: 'signalman_silences',
      help: 'Silences that hold.',
      registers: [this.metrics.registry],
      async collect() {
        const now = Date.now();
        const current = await inTime(silences.current(now));
        if (current !== undefined)
          this.set(current.filter((each) => stateOfSilence(each, now) === 'holds').length);
      },
    });
  }
}
