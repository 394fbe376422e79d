import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { CONNECTIONS } from '../../config/app-config.js';
import type { Connections } from '../../contracts/connections.js';
import { inTime } from '../../observability/in-time.js';
import { Metrics } from '../../observability/metrics.js';
import { type BudgetReport, CallBudget } from '../call-budget.js';
import { marketoInstances } from '../instances.js';

/** How much of each budget is taken, asked of Redis when somebody reads the metrics. */
@Injectable()
export class BudgetMetrics {
  constructor(@Inject(CONNECTIONS) connections: Connections, budget: CallBudget, { registry }: Metrics) {
    const instances = [...marketoInstances(connections).values()];
    new Gauge({
      name: 'signalman_marketo_budget_used',
      help: 'Calls of Marketo: ours within the last 20 seconds (window) and under way (places), those of all on this day (day).',
      labelNames: ['instance', 'limit'],
      registers: [registry],
      async collect() {
        const reports = instances.map(async (instance) => {
          // While Redis is away the last numbers stay: whoever reads the metrics must still get the rest.
          const report = await inTime(budget.report(instance));
          const counts = Object.entries(report ?? {}) as [keyof BudgetReport, number][];
          for (const [limit, count] of counts) this.set({ instance: instance.munchkinId, limit }, count);
        });
        await Promise.all(reports);
      },
    });
  }
}
