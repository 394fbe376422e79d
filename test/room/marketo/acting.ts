import type { Clock } from '../../../src/contracts/clock.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { CallBudget } from '../../../src/marketo/call-budget.js';
import { Coalescer } from '../../../src/marketo/coalescer.js';
import { MarketoCalls } from '../../../src/marketo/marketo-calls.js';
import { MarketoClient } from '../../../src/marketo/marketo-client.js';
import { MarketoTokens } from '../../../src/marketo/marketo-tokens.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';

/** What one process has to act in Marketo with. */
export interface Acting {
  readonly coalescer: Coalescer;
  readonly budget: CallBudget;
  readonly metrics: Metrics;
  close(): Promise<void>;
}

/** `gatherMs`: how long effects wait for each other. */
export function openActing(redisUrl: string, clock: Clock, gatherMs = 100): Acting {
  const redis = new RedisConnections(redisUrl);
  const http = new HttpClient();
  const budget = new CallBudget(redis, clock, clock);
  const metrics = new Metrics();
  const client = new MarketoClient(http, new MarketoTokens(http, clock), clock);
  return {
    coalescer: new Coalescer(new MarketoCalls(client, budget, metrics, clock), gatherMs),
    budget,
    metrics,
    close: async () => {
      await http.close();
      await redis.close();
    },
  };
}
