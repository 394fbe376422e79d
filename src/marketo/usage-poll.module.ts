import { Module } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import type { Connections } from '../contracts/connections.js';
import { EventsQueue } from '../queues/events-queue.js';
import { QueuesModule } from '../queues/queues.module.js';
import { Locks } from '../state/locks.js';
import { StateModule } from '../state/state.module.js';
import { MarketoReads } from './marketo-reads.js';
import { MarketoReadsModule } from './marketo-reads.module.js';
import { UsageBook } from './usage/usage-book.js';
import { UsagePoll } from './usage-poll.js';

// In: Marketo's figures of the day, every few minutes. Out: the same for whoever asks, and an event for the rules.
// Owns: the timer.
@Module({
  imports: [MarketoReadsModule, QueuesModule, StateModule],
  providers: [
    {
      provide: UsagePoll,
      inject: [CONNECTIONS, MarketoReads, UsageBook, EventsQueue, Locks],
      useFactory: (
        connections: Connections,
        reads: MarketoReads,
        book: UsageBook,
        queue: EventsQueue,
        locks: Locks,
      ) => new UsagePoll(connections, { reads, book, queue, locks }),
    },
  ],
})
export class UsagePollModule {}
