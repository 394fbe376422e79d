import { Module } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import { systemClock } from '../contracts/clock.js';
import type { Connections } from '../contracts/connections.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { LeadLookUp } from './lead-look-up.js';
import { MarketoCalls } from './marketo-calls.js';
import { MarketoModule } from './marketo.module.js';
import { MarketoReads } from './marketo-reads.js';
import { UsageBook } from './usage/usage-book.js';
import { Usage } from './usage.js';

// In: questions about leads and about the calls of the day. Out: what Marketo told. Owns: the figures of usage, in Redis.
@Module({
  imports: [MarketoModule],
  providers: [
    {
      provide: MarketoReads,
      inject: [MarketoCalls],
      useFactory: (calls: MarketoCalls) => new MarketoReads(calls),
    },
    {
      provide: UsageBook,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => new UsageBook(redis),
    },
    {
      provide: LeadLookUp,
      inject: [CONNECTIONS, MarketoReads],
      useFactory: (connections: Connections, reads: MarketoReads) =>
        new LeadLookUp(connections, reads, systemClock),
    },
    {
      provide: Usage,
      inject: [CONNECTIONS, UsageBook],
      useFactory: (connections: Connections, book: UsageBook) => new Usage(connections, book, systemClock),
    },
  ],
  exports: [LeadLookUp, MarketoReads, Usage, UsageBook],
})
export class MarketoReadsModule {}
