import { Module, type DynamicModule } from '@nestjs/common';
import { QueuesModule } from '../queues/queues.module.js';
import { RedisModule } from '../redis/redis.module.js';

// In: the address of the Redis that holds the queues. Out: their dead letters. Owns: nothing.
@Module({})
export class DeadLettersModule {
  static for(redisAddress: string): DynamicModule {
    return { module: DeadLettersModule, imports: [RedisModule.forRoot(redisAddress), QueuesModule] };
  }
}
