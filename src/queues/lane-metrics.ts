import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { CONNECTIONS } from '../config/app-config.js';
import type { Connections } from '../contracts/connections.js';
import type { LaneReport } from '../contracts/lane.js';
import { inTime } from '../observability/in-time.js';
import { Metrics } from '../observability/metrics.js';
import { Lanes } from './lanes.js';

/** What keeps a lane from sending; `asked`: its destination asked to be left alone for a while. */
const STANDS = ['open', 'half-open', 'disabled', 'paused', 'asked'] as const;

/** How each destination fares, asked of Redis when somebody reads the metrics. */
@Injectable()
export class LaneMetrics {
  constructor(lanes: Lanes, @Inject(CONNECTIONS) { destinations }: Connections, { registry }: Metrics) {
    const stands = new Gauge({
      name: 'signalman_lane_open',
      help: 'Of each destination: 1 in the state that keeps effects from it (open, half-open, disabled, paused, asked), else 0.',
      labelNames: ['destination', 'state'],
      registers: [registry],
    });
    new Gauge({
      name: 'signalman_lane_effects',
      help: 'Effects by destination: waiting, being sent, delayed until their next try, dead.',
      labelNames: ['destination', 'state'],
      registers: [registry],
      async collect() {
        // While Redis is away the last numbers stay: whoever reads the metrics must still get the rest.
        const reports = await inTime(lanes.list(destinations));
        if (reports === undefined) return;
        this.reset();
        stands.reset();
        for (const report of reports) {
          const { name: destination, waiting, underWay, delayed, dead } = report;
          this.set({ destination, state: 'waiting' }, waiting);
          this.set({ destination, state: 'active' }, underWay);
          this.set({ destination, state: 'delayed' }, delayed);
          this.set({ destination, state: 'dead' }, dead);
          for (const state of STANDS) stands.set({ destination, state }, stand(report, state));
        }
      },
    });
  }
}

function stand({ paused, breaker, heldUntil, since }: LaneReport, state: (typeof STANDS)[number]): 0 | 1 {
  // Of a lane that is held for its pace it is not said since when.
  const isAsked = breaker === 'closed' && heldUntil !== undefined && since !== undefined;
  const special = { paused: paused !== undefined, asked: isAsked };
  return (state === 'paused' || state === 'asked' ? special[state] : breaker === state) ? 1 : 0;
}
