import { Module } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { Locks } from './locks.js';
import { RedisMemory } from './redis-memory.js';
import { SeenEvents } from './seen-events.js';
import { Silences } from './silences.js';
import { Throttles } from './throttles.js';

// In: questions about what happened before, a batch at a time. Out: answers; those of throttles in event time.
// Owns: the throttle keys, the locks, the events that were seen and what rules remember, in Redis.
@Module({
  providers: [
    Throttles,
    Locks,
    Silences,
    RedisMemory,
    {
      provide: SeenEvents,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => new SeenEvents(redis, systemClock),
    },
  ],
  exports: [Throttles, Locks, RedisMemory, SeenEvents, Silences],
})
export class StateModule {}
