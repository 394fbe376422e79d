import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../../observability/metrics.js';

/** What is counted of reading the journals. */
@Injectable()
export class JournalMetrics {
  readonly pages: Counter<'source'>;
  readonly events: Counter<'source'>;
  readonly gaps: Counter<'source'>;
  readonly errors: Counter<'source' | 'code'>;
  readonly lag: Gauge<'source'>;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    const labelNames = ['source'] as const;
    this.pages = new Counter({
      name: 'signalman_journal_pages_total',
      help: "Pages of Adobe's journal that were stored.",
      labelNames,
      registers,
    });
    this.events = new Counter({
      name: 'signalman_journal_events_total',
      help: "Events in the stored pages of Adobe's journal.",
      labelNames,
      registers,
    });
    this.gaps = new Counter({
      name: 'signalman_journal_gaps_total',
      help: 'Times that the journal no longer had what was not read yet.',
      labelNames,
      registers,
    });
    this.errors = new Counter({
      name: 'signalman_journal_errors_total',
      help: "Failures of reading Adobe's journal.",
      labelNames: ['source', 'code'],
      registers,
    });
    this.lag = new Gauge({
      name: 'signalman_journal_lag_seconds',
      help: 'Age of the newest event of the last page; 0 when nothing is left to read.',
      labelNames,
      registers,
    });
  }
}
