import { BullModule, InjectQueue } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { ActionsQueue } from './actions-queue.js';
import { BatchBodies } from './batch-bodies.js';
import { DeadLetters } from './dead-letters.js';
import { EventsQueue } from './events-queue.js';
import { HeldEffects } from './held-effects.js';
import { HeldReports } from './held-reports.js';
import { HeldRules } from './held-rules.js';
import { ACTIONS_QUEUE, EVENTS_QUEUE } from './queue-names.js';
import { ACTIONS_OPTIONS, EVENTS_OPTIONS } from './queue-options.js';
import { QueueContents } from './queue-contents.js';
import { LateTallies } from './late-tallies.js';
import { QueuedEffects } from './queued-effects.js';
import { WaitingEffects } from './waiting-effects.js';

// In: batches from the door, effects from the judge. Out: the same, to their workers, at least once.
// Owns: BullMQ's options and keys, the mapping of failures to retries, the dead letters.
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => ({ connection: redis.forWorkers(), prefix: QUEUE_PREFIX }),
    }),
    BullModule.registerQueue(
      { name: EVENTS_QUEUE, ...EVENTS_OPTIONS },
      { name: ACTIONS_QUEUE, ...ACTIONS_OPTIONS },
    ),
  ],
  providers: [
    EventsQueue,
    ActionsQueue,
    DeadLetters,
    HeldEffects,
    HeldReports,
    HeldRules,
    QueueContents,
    WaitingEffects,
    LateTallies,
    QueuedEffects,
    {
      provide: BatchBodies,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => new BatchBodies(redis.forWorkers()),
    },
  ],
  exports: [
    BullModule,
    EventsQueue,
    ActionsQueue,
    BatchBodies,
    DeadLetters,
    HeldEffects,
    HeldReports,
    HeldRules,
    QueueContents,
    WaitingEffects,
    LateTallies,
    QueuedEffects,
  ],
})
export class QueuesModule {
  constructor(@InjectQueue(EVENTS_QUEUE) events: Queue, @InjectQueue(ACTIONS_QUEUE) actions: Queue) {
    // BullMQ prints errors that nobody listens for. The connections write one line an outage.
    for (const queue of [events, actions]) queue.on('error', () => undefined);
  }
}
