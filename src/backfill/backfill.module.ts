import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { BacklogModule } from '../queues/backlog.module.js';
import { QueuesModule } from '../queues/queues.module.js';
import { Importer } from './importer.js';
import { ImportQuarantine } from './import-quarantine.js';

// In: files. Out: raw batches in the events queue, as fast as there is room for them. Owns: reading rows and lines.
@Module({
  imports: [QueuesModule, BacklogModule, JournalModule],
  providers: [Importer, ImportQuarantine],
  exports: [Importer],
})
export class BackfillModule {}
