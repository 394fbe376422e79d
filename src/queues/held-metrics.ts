import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { inTime } from '../observability/in-time.js';
import { Metrics } from '../observability/metrics.js';
import { HeldEffects } from './held-effects.js';
import { HeldRules } from './held-rules.js';

/** What waits for a person, asked of Redis when somebody reads the metrics. */
@Injectable()
export class HeldMetrics {
  constructor(rules: HeldRules, effects: HeldEffects, { registry }: Metrics) {
    const count = async (): Promise<[string, number][]> =>
      await Promise.all(
        (await rules.list()).map(async ({ ruleId, id }): Promise<[string, number]> => [
          ruleId,
          await effects.count(id),
        ]),
      );
    new Gauge({
      name: 'signalman_held_effects',
      help: 'Effects of rules that did more than their limit allows: they wait for a person.',
      labelNames: ['rule'],
      registers: [registry],
      async collect() {
        const counts = await inTime(count());
        if (counts === undefined) return;
        this.reset();
        for (const [rule, held] of counts) this.set({ rule }, held);
      },
    });
  }
}
