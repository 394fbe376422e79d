import {
  ConsoleLogger,
  type DynamicModule,
  type INestApplicationContext,
  Logger,
  type LogLevel,
  Module,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AppConfig } from '../../config/app-config.js';
import { openRedis } from '../../redis/open-redis.js';
import { RedisModule } from '../../redis/redis.module.js';

type Room = Type | DynamicModule;

// In: the rooms that a command needs. Out: the same, opened on the app's Redis. Owns: nothing.
@Module({})
class CommandModule {
  static for(redisAddress: string, rooms: readonly Room[]): DynamicModule {
    return { module: CommandModule, imports: [RedisModule.forRoot(redisAddress), ...rooms] };
  }
}

/** What a command prints may be read by another program, so what the rooms say goes where complaints go. */
class CommandLogger extends ConsoleLogger {
  protected override printMessages(messages: unknown[], context?: string, level?: LogLevel): void {
    super.printMessages(messages, context, level, 'stderr');
  }
}

/** Opens rooms for one command, beside a running app or without one, and closes them after it. */
export async function withRooms(
  config: AppConfig,
  rooms: readonly Room[],
  use: (rooms: INestApplicationContext) => Promise<void>,
): Promise<void> {
  Logger.overrideLogger(new CommandLogger('Signalman', { logLevels: ['warn', 'error'] }));
  const redis = await openRedis(config, { share: true });
  try {
    const app = await NestFactory.createApplicationContext(CommandModule.for(redis.address, rooms));
    try {
      await use(app);
    } finally {
      await app.close();
    }
  } finally {
    await redis.stop();
  }
}
