import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Gauge } from 'prom-client';
import { inTime } from '../observability/in-time.js';
import { Metrics } from '../observability/metrics.js';
import { EVENTS_QUEUE } from './queue-names.js';

/** What the metrics call BullMQ's states; a job that failed for good waits for a person. */
const STATES = { waiting: 'waiting', active: 'active', delayed: 'delayed', failed: 'dead' } as const;
const STATE_NAMES = Object.keys(STATES) as (keyof typeof STATES)[];

/** How many batches are on the belt, asked of Redis when somebody reads the metrics. */
@Injectable()
export class QueueMetrics {
  constructor(@InjectQueue(EVENTS_QUEUE) events: Queue, { registry }: Metrics) {
    new Gauge({
      name: 'signalman_queue_jobs',
      help: 'Batches on the belt: waiting, being worked on, delayed until their next try, dead.',
      labelNames: ['queue', 'state'],
      registers: [registry],
      async collect() {
        // While Redis is away the last numbers stay: whoever reads the metrics must still get the rest.
        const counts = await inTime(events.getJobCounts(...STATE_NAMES));
        if (counts === undefined) return;
        for (const state of STATE_NAMES)
          this.set({ queue: EVENTS_QUEUE, state: STATES[state] }, counts[state] ?? 0);
      },
    });
  }
}
