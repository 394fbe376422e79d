import { Module } from '@nestjs/common';
import { systemClock } from '../contracts/clock.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { ErasedPeople } from './erased-people.js';
import { Locks } from './locks.js';
import { Loops } from './loops.js';
import { MessagePlaces } from './message-places.js';
import { OwnWrites } from './own-writes.js';
import { RedisFlow } from './redis-flow.js';
import { RedisMemory } from './redis-memory.js';
import { SeenEvents } from './seen-events.js';
import { ServedRecipients } from './served-recipients.js';
import { Silences } from './silences.js';

// In: questions about what happened before, a batch at a time. Out: answers, in event time. Owns: the events that were
// seen, what rules remember, what stands between matching and acting, silences and locks, in Redis.
@Module({
  providers: [
    ErasedPeople,
    Locks,
    Loops,
    MessagePlaces,
    OwnWrites,
    ServedRecipients,
    Silences,
    RedisFlow,
    RedisMemory,
    {
      provide: SeenEvents,
      inject: [RedisConnections],
      useFactory: (redis: RedisConnections) => new SeenEvents(redis, systemClock),
    },
  ],
  exports: [
    ErasedPeople,
    Locks,
    Loops,
    MessagePlaces,
    OwnWrites,
    RedisFlow,
    RedisMemory,
    SeenEvents,
    ServedRecipients,
    Silences,
  ],
})
export class StateModule {}
