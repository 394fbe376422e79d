import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { BACKLOG_KEY, QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { memoryRatio } from '../redis/redis-memory.js';
import type { BacklogSample } from './backlog-limits.js';
import { heldCount } from './held-count.js';
import { laneCounts } from './lane-counts.js';
import { LaneQueues } from './lane-queues.js';
import { OrphanedBatches } from './orphaned-batches.js';
import { EVENTS_QUEUE } from './queue-names.js';
import { EVENTS_OPTIONS } from './queue-options.js';

const HELD = ['waiting', 'delayed', 'prioritized', 'failed', 'active'] as const;

/** Looks at what waits in Redis, over a connection that fails at once while Redis is away. */
@Injectable()
export class BacklogProbe implements OnApplicationShutdown {
  private readonly logger = new Logger('Backlog');
  private readonly redis: Redis;
  private readonly events: Queue;
  private readonly lanes: LaneQueues;
  private readonly orphans: OrphanedBatches;

  constructor(connections: RedisConnections) {
    this.redis = connections.forRequests();
    // It looks on: what is set for a queue is set by those who use it.
    const options = { connection: this.redis, prefix: QUEUE_PREFIX, skipMetasUpdate: true };
    this.events = new Queue(EVENTS_QUEUE, { ...EVENTS_OPTIONS, ...options });
    // A look that fails is answered for itself; an unheard 'error' would end the process.
    this.events.on('error', () => undefined);
    this.lanes = new LaneQueues(this.redis);
    this.orphans = new OrphanedBatches(this.redis, this.events);
  }

  /** Two round trips. Rejects while Redis is away. */
  async look(): Promise<BacklogSample> {
    const [numbers, jobs, counts, held, memory] = await Promise.all([
      this.redis.hmget(BACKLOG_KEY, 'bytes', 'batches'),
      this.events.getJobCountByTypes(...HELD),
      this.lanes.all().then((lanes) => Promise.all(lanes.map(laneCounts))),
      heldCount(this.redis),
      this.redis.info('memory'),
    ]);
    const [bytes, batches] = [Number(numbers[0] ?? 0), Number(numbers[1] ?? 0)];
    // Numbers and jobs agree but for the moments between two commands.
    if (batches > jobs || bytes < 0) await this.heal();
    const lanes = counts.map(({ waiting, delayed, dead }) => waiting + delayed + dead);
    return { bytes, batches, lanes, held, memoryRatio: memoryRatio(memory) };
  }

  /** What fails is done in a minute, and is no reason not to know how much waits. */
  private async heal(): Promise<void> {
    try {
      await this.orphans.heal();
    } catch (error) {
      this.logger.warn(
        `Stored batches without a job could not be put back into the queue yet: ${String(error)}`,
      );
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.events.close().catch(() => undefined), this.lanes.onApplicationShutdown()]);
  }
}
