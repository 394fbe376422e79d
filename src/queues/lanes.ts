import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { OWN_SOURCE } from '../contracts/batch.js';
import { permanent } from '../contracts/failure.js';
import type { BreakerState, LanePause, LaneReport } from '../contracts/lane.js';
import { nearest } from '../contracts/nearest.js';
import { LANE_PAUSES_KEY, laneKey } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { isBusy, laneCounts } from './lane-counts.js';
import { LaneQueues } from './lane-queues.js';
import { NEVER_REACHED } from './queue-options.js';

/** The configured destinations by name; of each its kind is read. */
type Destinations = Readonly<Record<string, { readonly kind: string }>>;

/** What keeps a destination from being sent to; how often it may be sent to and how it failed last stays. */
const BREAKER_FIELDS = ['breaker', 'until', 'failures', 'trips', 'probe', 'probeLease'] as const;

/** The lanes as people see and steer them. */
@Injectable()
export class Lanes {
  private readonly redis: Redis;

  constructor(
    connections: RedisConnections,
    private readonly queues: LaneQueues,
  ) {
    this.redis = connections.forWorkers();
  }

  /** Those of all configured destinations and of the engine, and what destinations of earlier times left behind. */
  async list(destinations: Destinations): Promise<LaneReport[]> {
    const kinds = new Map(Object.entries(destinations).map(([name, { kind }]) => [name, kind]));
    kinds.set(OWN_SOURCE, OWN_SOURCE);
    const names = [...new Set([...kinds.keys(), ...(await this.queues.names())])].sort();
    const reports = await Promise.all(names.map((name) => this.report(name, kinds.get(name))));
    return reports.filter((report) => report.kind !== undefined || isBusy(report) || report.dead > 0);
  }

  /** @throws Failure `lane.unknown` with the nearest name */
  async mustExist(name: string, destinations: Destinations): Promise<void> {
    const names = [...Object.keys(destinations), OWN_SOURCE, ...(await this.queues.names())];
    if (names.includes(name)) return;
    const near = nearest(name, names);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw permanent('lane.unknown', `There is no destination ${JSON.stringify(name)}.${hint}`);
  }

  /** What is under way ends; everything else is kept until somebody resumes the lane. */
  async pause(name: string, pause: LanePause): Promise<void> {
    await this.redis.hset(LANE_PAUSES_KEY, name, JSON.stringify(pause));
    await this.queues.lane(name).pause();
  }

  /** Ends the pause, and whatever else holds the lane: its breaker, a time that its target named. */
  async resume(name: string): Promise<void> {
    await this.redis.hdel(laneKey(name), ...BREAKER_FIELDS);
    await this.queues.lane(name).removeRateLimitKey();
    await this.queues.lane(name).resume();
    await this.redis.hdel(LANE_PAUSES_KEY, name);
  }

  private async report(name: string, kind: string | undefined): Promise<LaneReport> {
    const lane = this.queues.lane(name);
    const [counts, pause, state, limitedMs] = await Promise.all([
      laneCounts(lane),
      this.redis.hget(LANE_PAUSES_KEY, name),
      this.redis.hmget(laneKey(name), 'breaker', 'until', 'lastFailure', 'since'),
      lane.getRateLimitTtl(NEVER_REACHED),
    ]);
    const [breaker, until, lastFailure, since] = state;
    const now = Date.now();
    const heldUntil = Math.max(Number(until ?? 0), limitedMs > 0 ? now + limitedMs : 0);
    return {
      name,
      ...(kind === undefined ? {} : { kind }),
      ...counts,
      ...(pause === null ? {} : { paused: JSON.parse(pause) as LanePause }),
      breaker: (breaker ?? 'closed') as BreakerState,
      ...(since == null || (breaker ?? 'closed') === 'closed' ? {} : { since: Number(since) }),
      ...(heldUntil > now ? { heldUntil } : {}),
      ...(lastFailure == null ? {} : { lastFailure }),
    };
  }
}
