import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Connections } from '../contracts/connections.js';
import { APP_CONFIG, type AppConfig, CONNECTIONS } from './app-config.js';

// In: what was read at start. Out: the same, frozen, for everybody by token. Owns: nothing.
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: AppConfig, connections: Connections): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: APP_CONFIG, useValue: config },
        { provide: CONNECTIONS, useValue: connections },
      ],
      exports: [APP_CONFIG, CONNECTIONS],
    };
  }
}
