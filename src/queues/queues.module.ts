import { BullModule, InjectQueue } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { ActionsQueue } from './actions-queue.js';
import { BatchBodies } from './batch-bodies.js';
import { DeadLetters } from './dead-letters.js';
import { EventsQueue } from './events-queue.js';
import { HeldDecisions } from './held-decisions.js';
import { HeldEffects } from './held-effects.js';
import { HeldReports } from './held-reports.js';
import { HeldRules } from './held-rules.js';
import { LaneQueues } from './lane-queues.js';
import { Lanes } from './lanes.js';
import { LateTallies } from './late-tallies.js';
import { QueueContents } from './queue-contents.js';
import { EVENTS_QUEUE } from './queue-names.js';
import { EVENTS_OPTIONS } from './queue-options.js';
import { LaneContents } from './lane-contents.js';
import { WaitingEffects } from './waiting-effects.js';

// In: batches from the door, effects from the judge. Out: the same, to their workers, at least once; each destination
// has a lane of its own. Owns: BullMQ's options and keys, the mapping of failures to retries, the dead letters.
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => ({ connection: redis.forWorkers(), prefix: QUEUE_PREFIX }),
    }),
    BullModule.registerQueue({ name: EVENTS_QUEUE, ...EVENTS_OPTIONS }),
  ],
  providers: [
    EventsQueue,
    ActionsQueue,
    DeadLetters,
    HeldDecisions,
    HeldEffects,
    HeldReports,
    HeldRules,
    Lanes,
    QueueContents,
    WaitingEffects,
    LateTallies,
    LaneContents,
    {
      provide: LaneQueues,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => new LaneQueues(redis.forWorkers()),
    },
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
    HeldDecisions,
    HeldEffects,
    HeldReports,
    HeldRules,
    LaneQueues,
    Lanes,
    QueueContents,
    WaitingEffects,
    LateTallies,
    LaneContents,
  ],
})
export class QueuesModule {
  constructor(@InjectQueue(EVENTS_QUEUE) events: Queue) {
    // BullMQ prints errors that nobody listens for. The connections write one line an outage.
    events.on('error', () => undefined);
  }
}
