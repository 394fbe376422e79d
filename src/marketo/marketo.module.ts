import { Module } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { HttpClient } from '../http/http-client.js';
import { HttpModule } from '../http/http.module.js';
import { Metrics } from '../observability/metrics.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { BudgetMetrics } from './budget/budget-metrics.js';
import { CallBudget } from './call-budget.js';
import { Coalescer } from './coalescer.js';
import { MarketoCalls } from './marketo-calls.js';
import { MarketoClient } from './marketo-client.js';
import { MarketoTokens } from './marketo-tokens.js';

// In: calls of Marketo's REST API, to act and to read. Out: their rows. Owns: the access tokens, the budget of calls of
// each instance, which lies in Redis.
@Module({
  imports: [HttpModule],
  providers: [
    {
      provide: CallBudget,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => new CallBudget(redis, systemClock),
    },
    {
      provide: MarketoCalls,
      inject: [HttpClient, CallBudget, Metrics],
      useFactory: (http: HttpClient, budget: CallBudget, metrics: Metrics) => {
        const client = new MarketoClient(http, new MarketoTokens(http, systemClock), systemClock);
        return new MarketoCalls(client, budget, metrics, systemClock);
      },
    },
    {
      provide: Coalescer,
      inject: [MarketoCalls],
      useFactory: (calls: MarketoCalls) => new Coalescer(calls),
    },
    BudgetMetrics,
  ],
  exports: [Coalescer, MarketoCalls],
})
export class MarketoModule {}
