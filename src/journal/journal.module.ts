import { Module } from '@nestjs/common';
import { CompletenessLedger } from './completeness.js';
import { Journal } from './journal.js';

// In: what came and could not be read, what was decided, what was done. Out: the same, newest first;
// the ledger of completeness and its verdict. Owns: the journal's streams in Redis.
@Module({ providers: [CompletenessLedger, Journal], exports: [CompletenessLedger, Journal] })
export class JournalModule {}
