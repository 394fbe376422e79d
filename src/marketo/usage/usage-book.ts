import type { Redis } from 'ioredis';
import { parseJson } from '../../contracts/json.js';
import type { RedisConnections } from '../../redis/redis-connections.js';
import type { UsageSample } from './forecast.js';
import type { UsageFigures } from './usage-figures.js';
import { usageKey } from './usage-key.js';

const KEEP_MS = 2 * 86_400_000;

/** What was read of the usage of an instance. Times are epoch milliseconds. */
export interface NotedUsage {
  readonly at: number;
  /** The midnight with which its day ends. */
  readonly day: number;
  readonly figures: UsageFigures;
  /** What rules were told last. */
  readonly told?: UsageSample;
}

/** The latest figures of each instance and the course of its day, in Redis for all processes. */
export class UsageBook {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  async read(munchkinId: string): Promise<NotedUsage | undefined> {
    const { at, day, figures, told } = await this.redis.hgetall(usageKey(munchkinId));
    if (figures === undefined) return undefined;
    return {
      at: Number(at),
      day: Number(day),
      figures: parseJson(figures) as UsageFigures,
      ...(told === undefined ? {} : { told: parseJson(told) as UsageSample }),
    };
  }

  /** The last sample between two times, both counted in. */
  async sampleBetween(munchkinId: string, from: number, to: number): Promise<UsageSample | undefined> {
    const [sample] = await this.redis.zrevrangebyscore(samplesKey(munchkinId), to, from, 'LIMIT', 0, 1);
    return sample === undefined ? undefined : (parseJson(sample) as UsageSample);
  }

  /**
   * Notes the latest figures, leaves what was told as it is unless `told` says otherwise, and forgets the samples from
   * before `since`.
   */
  async note({ at, day, figures, told }: NotedUsage, since: number): Promise<void> {
    const { munchkinId, used } = figures;
    const [key, samples] = [usageKey(munchkinId), samplesKey(munchkinId)];
    const sample: UsageSample = { at, used };
    await this.redis
      .multi()
      .hset(key, {
        ...{ at, day, used, figures: JSON.stringify(figures) },
        ...(told === undefined ? {} : { told: JSON.stringify(told) }),
      })
      .pexpire(key, KEEP_MS)
      .zadd(samples, at, JSON.stringify(sample))
      .zremrangebyscore(samples, '-inf', `(${since}`)
      .pexpire(samples, KEEP_MS)
      .exec();
  }
}

function samplesKey(munchkinId: string): string {
  return `${usageKey(munchkinId)}:samples`;
}
