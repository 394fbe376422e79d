import { type JobType, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { EffectSearch } from '../../../src/delivery/effect-search.js';
import type { LedgerEntry } from '../../../src/delivery/ledger-entry.js';
import { Journal } from '../../../src/journal/journal.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { EVENTS_QUEUE, laneQueueName } from '../../../src/queues/queue-names.js';
import { DUE_KEY, laneKey, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';

const UNDER_WAY = ['waiting', 'active', 'delayed', 'prioritized'] as const;

/** A look into the Redis of an app, past the app. */
export class Inside {
  readonly redis: Redis;
  readonly journal: Journal;
  private readonly connections: RedisConnections;
  private readonly events: Queue;
  private readonly lanes: LaneQueues;
  private readonly search: EffectSearch;

  constructor(url: string) {
    this.connections = new RedisConnections(url);
    this.redis = this.connections.forWorkers();
    this.journal = new Journal(this.connections);
    this.events = new Queue(EVENTS_QUEUE, {
      connection: this.connections.forWorkers(),
      prefix: QUEUE_PREFIX,
    });
    this.events.on('error', () => undefined);
    this.lanes = new LaneQueues(this.connections.forWorkers());
    this.search = new EffectSearch(this.connections);
  }

  /** Waits until nothing is left to do: every stored batch decided, every effect over. */
  async idle(timeoutMs = 30_000): Promise<void> {
    await eventually(() => this.isIdle(), { timeoutMs });
  }

  async isIdle(): Promise<boolean> {
    // Batches first: their effects are queued before they end, so none can slip through between the two looks.
    if ((await this.waitingBatches()) > 0) return false;
    return (await this.inLanes(...UNDER_WAY)) === 0;
  }

  /** Jobs that were given up, of all queues. */
  async dead(): Promise<number> {
    return (await this.events.getFailedCount()) + (await this.inLanes('failed'));
  }

  /** What the ledger tells of effects, at most `limit`: the one that changed last first. */
  async effects(limit: number): Promise<readonly LedgerEntry[]> {
    return (await this.search.search({}, limit)).entries;
  }

  async waitingBatches(): Promise<number> {
    return this.events.getJobCountByTypes(...UNDER_WAY);
  }

  /**
   * What the clock would do in the time after a crash, at once: locks of jobs end, two checks for stalled jobs come by,
   * leases of attempts end. Only while no worker runs.
   */
  async timePasses(): Promise<void> {
    const lanes = await this.lanes.names();
    for (const name of [EVENTS_QUEUE, ...lanes.map(laneQueueName)]) {
      const key = `${QUEUE_PREFIX}:${name}`;
      const active = await this.redis.lrange(`${key}:active`, 0, -1);
      if (active.length > 0) await this.redis.sadd(`${key}:stalled`, ...active);
      await this.redis.del(`${key}:stalled-check`, ...active.map((id) => `${key}:${id}:lock`));
    }
    for (const effect of await this.redis.keys(`${QUEUE_PREFIX}:effect:*`)) {
      if ((await this.redis.hget(effect, 'state')) === 'sending') await this.redis.hset(effect, 'lease', 0);
    }
    for (const lane of lanes)
      if (await this.redis.hexists(laneKey(lane), 'probe'))
        await this.redis.hset(laneKey(lane), 'probeLease', 0);
  }

  /** Whatever a rule waits for, its time is over now. */
  async waitsAreOver(): Promise<void> {
    for (const wait of await this.redis.zrange(DUE_KEY, '0', '-1'))
      await this.redis.zadd(DUE_KEY, 'XX', 0, wait);
  }

  async close(): Promise<void> {
    await Promise.all([this.events.close(), this.lanes.onApplicationShutdown()]);
    await this.connections.close();
  }

  private async inLanes(...types: JobType[]): Promise<number> {
    const lanes = await this.lanes.all();
    const counts = await Promise.all(lanes.map((lane) => lane.getJobCountByTypes(...types)));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
