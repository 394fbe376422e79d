import { Module, type DynamicModule } from '@nestjs/common';
import { AdobeIoModule } from './adobe-io/adobe-io.module.js';
import type { AppConfig, Role } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import { ConsoleModule } from './console/console.module.js';
import type { Connections } from './contracts/connections.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { IngestModule } from './ingest/ingest.module.js';
import { UsagePollModule } from './marketo/usage-poll.module.js';
import { ObservabilityModule } from './observability/observability.module.js';
import { BacklogModule } from './queues/backlog.module.js';
import { BacklogReport } from './queues/backlog-report.js';
import { HeldMetrics } from './queues/held-metrics.js';
import { LaneMetrics } from './queues/lane-metrics.js';
import { QueueMetrics } from './queues/queue-metrics.js';
import { QueuesModule } from './queues/queues.module.js';
import { RedisHealth } from './redis/redis-health.js';
import { RedisModule } from './redis/redis.module.js';
import { RulesModule } from './rules/rules.module.js';
import { FlowMetrics } from './state/flow-metrics.js';
import { StateModule } from './state/state.module.js';
import { WatchModule } from './watch/watch.module.js';

/** Which rooms a process of each role opens. The queues between them are the same for all. */
const ROOMS: Readonly<Record<Role, NonNullable<DynamicModule['imports']>>> = {
  all: [IngestModule, AdobeIoModule, RulesModule, DeliveryModule, WatchModule, UsagePollModule],
  ingest: [IngestModule, AdobeIoModule],
  worker: [RulesModule, DeliveryModule, WatchModule, UsagePollModule],
};

// In: HTTP and rule files. Out: effects. Owns: nothing; it only opens the rooms.
@Module({})
export class AppModule {
  /** `redisAddress`: a Redis URL or the path of a Unix socket. */
  static for(config: AppConfig, connections: Connections, redisAddress: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config, connections),
        ObservabilityModule,
        RedisModule.forRoot(redisAddress),
        QueuesModule,
        BacklogModule,
        StateModule,
        ConsoleModule,
        ...ROOMS[config.role],
      ],
      providers: [RedisHealth, QueueMetrics, LaneMetrics, HeldMetrics, BacklogReport, FlowMetrics],
    };
  }
}
