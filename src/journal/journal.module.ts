import { Module } from '@nestjs/common';
import { Journal } from './journal.js';

// In: what came and could not be read, what was decided, what was done. Out: the same, newest first.
// Owns: the journal's streams in Redis.
@Module({ providers: [Journal], exports: [Journal] })
export class JournalModule {}
