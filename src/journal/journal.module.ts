import { Module } from '@nestjs/common';
import { CompletenessLedger } from './completeness.js';
import { EffectEntries } from './effect-entries.js';
import { InForce } from './in-force.js';
import { Journal } from './journal.js';

// In: what came and could not be read, what was decided, what was done. Out: the same, newest first;
// the ledger of completeness and its verdict. Owns: the journal's streams in Redis.
@Module({
  providers: [CompletenessLedger, EffectEntries, InForce, Journal],
  exports: [CompletenessLedger, EffectEntries, InForce, Journal],
})
export class JournalModule {}
