import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Health } from '../observability/health.js';
import { Metrics } from '../observability/metrics.js';
import { Backlog } from './backlog.js';
import { type BacklogSample, effectsOf } from './backlog-limits.js';

/** Tells people and machines how much waits. */
@Injectable()
export class BacklogReport {
  constructor(
    private readonly backlog: Backlog,
    private readonly metrics: Metrics,
    health: Health,
  ) {
    this.gauge(
      'signalman_backlog_bytes',
      'Bytes of deliveries that wait to be decided.',
      ({ bytes }) => bytes,
    );
    this.gauge('signalman_backlog_batches', 'Batches that wait to be decided.', ({ batches }) => batches);
    this.gauge('signalman_backlog_effects', 'Effects that wait, dead ones included.', effectsOf);
    this.gauge(
      'signalman_redis_memory_ratio',
      'What Redis uses of its maxmemory; nothing where it has none.',
      ({ memoryRatio }) => memoryRatio,
    );
    // Ready all the same: every door has the same backlog, so none is a better address for what one refuses, and a
    // load balancer without a door would answer senders without a word on when to come again.
    health.register('backlog', () => ({ ok: true, detail: this.detail() }));
  }

  private detail(): string {
    const refusal = this.backlog.refusal();
    if (refusal !== undefined) return `takes no deliveries now: ${refusal.reason}`;
    const { sample } = this.backlog;
    if (sample === undefined) return 'not yet known';
    const judge = this.backlog.effectsAreFull()
      ? '; no batch is decided until there are fewer effects, dead ones included: signalman lanes shows where they wait'
      : '';
    const held = sample.held === 0 ? '' : `; ${sample.held} effects wait for a person: signalman held`;
    return `${sample.batches} batches and ${effectsOf(sample)} effects wait${judge}${held}`;
  }

  /** Of the last look: whoever reads the metrics waits for nobody. */
  private gauge(name: string, help: string, read: (sample: BacklogSample) => number | undefined): void {
    const { backlog } = this;
    new Gauge({
      name,
      help,
      registers: [this.metrics.registry],
      collect() {
        const value = backlog.sample === undefined ? undefined : read(backlog.sample);
        if (value !== undefined) this.set(value);
      },
    });
  }
}
