import { Module } from '@nestjs/common';
import { CompletenessLedger } from './completeness.js';
import { InForce } from './in-force.js';
import { Journal } from './journal.js';

// In: what came and could not be read, what was decided, what people changed. Out: the same, newest first;
// the ledger of completeness and its verdict. Owns: the journal's streams in Redis.
@Module({
  providers: [CompletenessLedger, InForce, Journal],
  exports: [CompletenessLedger, InForce, Journal],
})
export class JournalModule {}
