import { Module } from '@nestjs/common';
import { Locks } from './locks.js';
import { Throttles } from './throttles.js';

// In: questions about what happened before, a batch at a time. Out: answers in event time.
// Owns: the throttle keys and locks in Redis.
@Module({ providers: [Throttles, Locks], exports: [Throttles, Locks] })
export class StateModule {}
