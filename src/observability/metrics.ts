import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every number that Signalman publishes, declared in one place; `GET /metrics` prints them for Prometheus. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly requests = this.counter('signalman_ingest_requests_total', 'Requests at the door, by answer.', [
    'source',
    'status',
  ]);
  readonly batchSeconds = this.histogram(
    'signalman_ingest_seconds',
    'Time from the request to its durable answer.',
    [],
  );
  readonly refusals = this.counter(
    'signalman_ingest_refused_total',
    'Deliveries that were refused because too much waits.',
    ['source'],
  );
  readonly redisLosses = this.counter(
    'signalman_redis_losses_total',
    'Times that Redis came back without the data it had.',
    [],
  );
  readonly events = this.counter(
    'signalman_events_total',
    'Events read from stored batches, by their fate.',
    ['stream', 'outcome'],
  );
  readonly unreadable = this.counter('signalman_unreadable_total', 'Pieces of batches put into quarantine.', [
    'source',
  ]);
  readonly oddities = this.counter('signalman_event_oddities_total', 'Events that were not as documented.', [
    'oddity',
  ]);
  readonly decisions = this.counter('signalman_decisions_total', 'Rules whose conditions an event met.', [
    'rule',
    'outcome',
  ]);
  readonly decideSeconds = this.histogram(
    'signalman_decide_seconds',
    'Time to decide the events of one batch, throttles included.',
    [],
  );
  readonly effects = this.counter('signalman_effects_total', 'Effects, by how an attempt ended.', [
    'type',
    'destination',
    'outcome',
  ]);
  readonly effectSeconds = this.histogram('signalman_effect_seconds', 'Time of one attempt at an effect.', [
    'type',
  ]);
  readonly marketoCalls = this.counter(
    'signalman_marketo_calls_total',
    'Calls of Marketo by what they are for: done, failed, or not made because the budget had none.',
    ['instance', 'kind', 'outcome'],
  );
  readonly marketoRecords = this.counter(
    'signalman_marketo_records_total',
    'Records that calls of Marketo were about: what sharing calls saves is how many more there are than calls.',
    ['instance', 'kind'],
  );
  readonly ruleProblems = this.gauge('signalman_rule_problems', 'Problems in rule files, by severity.', [
    'severity',
  ]);
  readonly rulesLoaded = this.gauge('signalman_rules', 'Rules that are being evaluated.', []);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> {
    const buckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
