import { Module } from '@nestjs/common';
import { QueuesModule } from '../queues/queues.module.js';
import { HeldKeeper } from './held-keeper.js';
import { LedgerModule } from './ledger.module.js';

// In: what is held, what people decided about it. Out: the same to the ledger and to the lanes. Owns: nothing.
@Module({ imports: [LedgerModule, QueuesModule], providers: [HeldKeeper], exports: [HeldKeeper] })
export class HeldModule {}
