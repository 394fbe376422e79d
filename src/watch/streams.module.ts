import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { StreamStates } from './stream-states.js';
import { WatchMemory } from './watch-memory.js';

// In: when each stream was heard, and the ledger of its past. Out: which of them are silent for too long.
// Owns: what the watch remembers in Redis.
@Module({
  imports: [JournalModule],
  providers: [StreamStates, WatchMemory],
  exports: [StreamStates, WatchMemory],
})
export class StreamsModule {}
