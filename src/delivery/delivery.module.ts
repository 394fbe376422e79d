import { Module } from '@nestjs/common';
import { ActionsModule } from '../actions/actions.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { ActionsQueue } from '../queues/actions-queue.js';
import { OldActions } from '../queues/old-actions.js';
import { QueuesModule } from '../queues/queues.module.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { StateModule } from '../state/state.module.js';
import { Deliverer } from './deliverer.js';
import { DeliveryProcessor } from './delivery.processor.js';
import { DestinationNews } from './destination-news.js';
import { DestinationStates } from './destination-states.js';
import { Erasure } from './erasure.js';
import { ErasureClock } from './erasure-clock.js';
import { ExclusiveTurns } from './exclusive-turns.js';
import { Gate } from './gate/gate.js';
import { LANE_NEWS } from './gate/lane-news.js';
import { HeldClock } from './held-clock.js';
import { HeldErasure } from './held-erasure.js';
import { HeldModule } from './held.module.js';
import { LaneWorkers } from './lane-workers.js';
import { LedgerModule } from './ledger.module.js';
import { Sender } from './sender.js';
import { WriteNotes } from './write-notes.js';

// In: effects from the lanes of their destinations. Out: one request each, through actions/; an event when a destination
// fails or is well again. Owns: the turns of attempts, what is erased of people beside memory.
@Module({
  imports: [ActionsModule, HeldModule, JournalModule, LedgerModule, QueuesModule, StateModule],
  providers: [
    Deliverer,
    DeliveryProcessor,
    DestinationNews,
    DestinationStates,
    Erasure,
    ErasureClock,
    ExclusiveTurns,
    Gate,
    HeldClock,
    HeldErasure,
    LaneWorkers,
    Sender,
    WriteNotes,
    { provide: LANE_NEWS, useExisting: DestinationNews },
    {
      provide: OldActions,
      inject: [RedisConnections, ActionsQueue],
      useFactory: (redis: RedisConnections, actions: ActionsQueue) =>
        new OldActions(redis.forWorkers(), actions),
    },
  ],
})
export class DeliveryModule {}
