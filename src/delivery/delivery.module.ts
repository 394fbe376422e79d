import { Module } from '@nestjs/common';
import { ActionsModule } from '../actions/actions.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { QueuesModule } from '../queues/queues.module.js';
import { StateModule } from '../state/state.module.js';
import { Bulkhead } from './bulkhead.js';
import { Deliverer } from './deliverer.js';
import { DeliveryProcessor } from './delivery.processor.js';
import { EffectBook } from './effect-book.js';
import { Erasure } from './erasure.js';
import { ErasureClock } from './erasure-clock.js';
import { ExclusiveTurns } from './exclusive-turns.js';
import { LedgerModule } from './ledger.module.js';

// In: effects from the actions queue. Out: one request each at its destination, through actions/; the journal.
// Owns: the turns of attempts, what is erased of people beside memory.
@Module({
  imports: [ActionsModule, JournalModule, LedgerModule, QueuesModule, StateModule],
  providers: [Bulkhead, Deliverer, DeliveryProcessor, EffectBook, Erasure, ErasureClock, ExclusiveTurns],
})
export class DeliveryModule {}
