import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { Journal } from '../../../src/journal/journal.js';
import { ACTIONS_QUEUE, EVENTS_QUEUE, QUEUE_NAMES } from '../../../src/queues/queue-names.js';
import { DUE_KEY, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';

const UNDER_WAY = ['waiting', 'active', 'delayed', 'prioritized'] as const;

/** A look into the Redis of an app, past the app. */
export class Inside {
  readonly redis: Redis;
  readonly journal: Journal;
  private readonly connections: RedisConnections;
  private readonly queues: Readonly<Record<(typeof QUEUE_NAMES)[number], Queue>>;

  constructor(url: string) {
    this.connections = new RedisConnections(url);
    this.redis = this.connections.forWorkers();
    this.journal = new Journal(this.connections);
    const options = { connection: this.connections.forWorkers(), prefix: QUEUE_PREFIX };
    this.queues = {
      events: new Queue(EVENTS_QUEUE, options),
      actions: new Queue(ACTIONS_QUEUE, options),
    };
    for (const queue of Object.values(this.queues)) queue.on('error', () => undefined);
  }

  /** Waits until nothing is left to do: every stored batch decided, every effect over. */
  async idle(timeoutMs = 30_000): Promise<void> {
    await eventually(() => this.isIdle(), { timeoutMs });
  }

  async isIdle(): Promise<boolean> {
    // Batches first: their effects are queued before they end, so none can slip through between the two looks.
    if ((await this.waitingBatches()) > 0) return false;
    return (await this.queues.actions.getJobCountByTypes(...UNDER_WAY)) === 0;
  }

  /** Jobs that were given up, of both queues. */
  async dead(): Promise<number> {
    return (await this.queues.events.getFailedCount()) + (await this.queues.actions.getFailedCount());
  }

  async waitingBatches(): Promise<number> {
    return this.queues.events.getJobCountByTypes(...UNDER_WAY);
  }

  /**
   * What the clock would do in the time after a crash, at once: locks of jobs end, two checks for stalled jobs come by,
   * leases of attempts end. Only while no worker runs.
   */
  async timePasses(): Promise<void> {
    for (const name of QUEUE_NAMES) {
      const key = `${QUEUE_PREFIX}:${name}`;
      const active = await this.redis.lrange(`${key}:active`, 0, -1);
      if (active.length > 0) await this.redis.sadd(`${key}:stalled`, ...active);
      await this.redis.del(`${key}:stalled-check`, ...active.map((id) => `${key}:${id}:lock`));
    }
    for (const effect of await this.redis.keys(`${QUEUE_PREFIX}:effect:*`)) {
      if ((await this.redis.hget(effect, 'state')) === 'sending') await this.redis.hset(effect, 'lease', 0);
    }
  }

  /** Whatever a rule waits for, its time is over now. */
  async waitsAreOver(): Promise<void> {
    for (const wait of await this.redis.zrange(DUE_KEY, '0', '-1'))
      await this.redis.zadd(DUE_KEY, 'XX', 0, wait);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.queues).map((queue) => queue.close()));
    await this.connections.close();
  }
}
