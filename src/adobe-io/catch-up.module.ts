import { Module } from '@nestjs/common';
import { BacklogModule } from '../queues/backlog.module.js';
import { QueuesModule } from '../queues/queues.module.js';
import { AdobeClientsModule } from './adobe-clients.module.js';
import { CatchUp } from './catch-up.js';

// In: a source and how far to go back. Out: the pages of its journal in the events queue. Owns: nothing.
@Module({
  imports: [AdobeClientsModule, QueuesModule, BacklogModule],
  providers: [CatchUp],
  exports: [CatchUp],
})
export class CatchUpModule {}
