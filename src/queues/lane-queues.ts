import type { OnApplicationShutdown } from '@nestjs/common';
import { type BulkJobOptions, type Processor, Queue, Worker, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Effect } from '../contracts/effect.js';
import { LANES_KEY, QUEUE_PREFIX } from '../redis/keys.js';
import { laneQueueName } from './queue-names.js';
import { LANE_OPTIONS, LANE_WORKER } from './queue-options.js';

/** An effect as a lane holds it. */
export interface LaneJob {
  readonly name: string;
  readonly data: Effect;
  readonly opts: BulkJobOptions;
}

/**
 * The queues of all lanes, over one connection. A destination that is configured no longer may have left effects behind,
 * so every lane that ever held one is known by its name.
 */
export class LaneQueues implements OnApplicationShutdown {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly redis: Redis) {}

  lane(destination: string): Queue {
    const known = this.queues.get(destination);
    if (known !== undefined) return known;
    const connection = this.redis;
    const queue = new Queue(laneQueueName(destination), {
      ...LANE_OPTIONS,
      connection,
      prefix: QUEUE_PREFIX,
    });
    // BullMQ prints errors that nobody listens for. The connections write one line an outage.
    queue.on('error', () => undefined);
    this.queues.set(destination, queue);
    return queue;
  }

  /** Sent in this order over one connection, so that no lane holds a job and is not known. */
  async add(destination: string, jobs: LaneJob[]): Promise<void> {
    await Promise.all([this.redis.sadd(LANES_KEY, destination), this.lane(destination).addBulk(jobs)]);
  }

  /** The names of all lanes that ever held something, in alphabetical order. */
  async names(): Promise<string[]> {
    return (await this.redis.smembers(LANES_KEY)).sort();
  }

  async all(): Promise<Queue[]> {
    return (await this.names()).map((name) => this.lane(name));
  }

  /** How many effects may be under way at once, over all processes; undefined: as many as their workers have places. */
  async limit(destination: string, atOnce: number | undefined): Promise<void> {
    const lane = this.lane(destination);
    if (atOnce === undefined) await lane.removeGlobalConcurrency();
    else await lane.setGlobalConcurrency(atOnce);
  }

  /** A worker that does not run yet. */
  worker(
    destination: string,
    process: Processor<unknown, void>,
    own: Pick<WorkerOptions, 'concurrency' | 'limiter'>,
  ): Worker {
    const options = { ...LANE_WORKER, ...own, connection: this.redis, prefix: QUEUE_PREFIX };
    return new Worker<unknown, void>(laneQueueName(destination), process, options);
  }

  /**
   * BullMQ wakes its workers by the marker, and sets none when it takes back a job that has a priority: a worker would
   * sleep for seconds beside jobs that wait. One that is woken in vain only asks once.
   */
  async wake(destination: string): Promise<void> {
    await this.redis.zadd(this.lane(destination).toKey('marker'), 0, '0');
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close().catch(() => undefined)));
  }
}
