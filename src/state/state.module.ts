import { Module } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { Locks } from './locks.js';
import { SeenEvents } from './seen-events.js';
import { Silences } from './silences.js';
import { Throttles } from './throttles.js';

// In: questions about what happened before, a batch at a time. Out: answers; those of throttles in event time.
// Owns: the throttle keys, the locks and the events that were seen, in Redis.
@Module({
  providers: [
    Throttles,
    Locks,
    Silences,
    {
      provide: SeenEvents,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => new SeenEvents(redis, systemClock),
    },
  ],
  exports: [Throttles, Locks, SeenEvents, Silences],
})
export class StateModule {}
