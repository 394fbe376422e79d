import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RedisConnections } from './redis-connections.js';
import { RedisEpoch } from './redis-epoch.js';

// In: the address of a Redis that runs. Out: connections to it, word when it has lost its data. Owns: their options and their end.
@Global()
@Module({})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(RedisConnections) private readonly connections: RedisConnections) {}

  /** `address`: a Redis URL or the absolute path of a Unix socket, as `openRedis` gives it. */
  static forRoot(address: string): DynamicModule {
    return {
      module: RedisModule,
      providers: [{ provide: RedisConnections, useFactory: () => new RedisConnections(address) }, RedisEpoch],
      exports: [RedisConnections, RedisEpoch],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.close();
  }
}
