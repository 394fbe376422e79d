import type { Connections, MarketoDestination } from '../../../src/contracts/connections.js';
import type { Clock } from '../../../src/contracts/clock.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { CallBudget } from '../../../src/marketo/call-budget.js';
import { LeadLookUp } from '../../../src/marketo/lead-look-up.js';
import { MarketoCalls } from '../../../src/marketo/marketo-calls.js';
import { MarketoClient } from '../../../src/marketo/marketo-client.js';
import { MarketoReads } from '../../../src/marketo/marketo-reads.js';
import { MarketoTokens } from '../../../src/marketo/marketo-tokens.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';

/** What one process has to read from Marketo with. */
export interface Reading {
  readonly reads: MarketoReads;
  readonly calls: MarketoCalls;
  readonly budget: CallBudget;
  readonly metrics: Metrics;
  /** Over connections to these destinations, by the names `marketo0`, `marketo1` and so on. */
  lookUp(...destinations: readonly MarketoDestination[]): LeadLookUp;
  close(): Promise<void>;
}

export interface Patience {
  readonly attemptMs: number;
  readonly totalMs: number;
}

const PATIENCE: Patience = { attemptMs: 2_000, totalMs: 4_000 };

export function openReading(redisUrl: string, clock: Clock, { attemptMs, totalMs } = PATIENCE): Reading {
  const redis = new RedisConnections(redisUrl);
  const http = new HttpClient();
  const budget = new CallBudget(redis, clock, clock);
  const metrics = new Metrics();
  const client = new MarketoClient(http, new MarketoTokens(http, clock), clock);
  const calls = new MarketoCalls(client, budget, metrics, clock);
  const reads = new MarketoReads(calls, attemptMs);
  return {
    reads,
    calls,
    metrics,
    budget,
    lookUp: (...destinations) => new LeadLookUp(connectionsTo(destinations), reads, clock, totalMs),
    close: async () => {
      await http.close();
      await redis.close();
    },
  };
}

export function connectionsTo(destinations: readonly MarketoDestination[]): Connections {
  const named = destinations.map((destination, index) => [`marketo${index}`, destination] as const);
  return { sources: {}, destinations: Object.fromEntries(named) };
}
