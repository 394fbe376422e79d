import { Module } from '@nestjs/common';
import { QueuesModule } from '../queues/queues.module.js';
import { LedgerModule } from './ledger.module.js';
import { Undo } from './undo.js';
import { UnsentEffects } from './unsent-effects.js';

// In: what a person wants taken back. Out: effects that take others back, to the lanes. Owns: nothing.
@Module({
  imports: [LedgerModule, QueuesModule],
  providers: [Undo, UnsentEffects],
  exports: [Undo, UnsentEffects],
})
export class UndoModule {}
