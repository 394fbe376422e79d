import { Module } from '@nestjs/common';
import { QueuesModule } from './queues.module.js';
import { RunWatch } from './run-watch.js';

// In: the name of a run. Out: what the workers made of it so far. Owns: nothing.
@Module({ imports: [QueuesModule], providers: [RunWatch], exports: [RunWatch] })
export class RunWatchModule {}
