import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { OWN_SOURCE } from '../contracts/batch.js';
import { systemClock } from '../contracts/clock.js';
import { permanent } from '../contracts/failure.js';
import type { BreakerState, LanePause, LaneReport } from '../contracts/lane.js';
import { nearest } from '../contracts/nearest.js';
import { laneKey } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { isBusy, laneCounts } from './lane-counts.js';
import { LaneQueues } from './lane-queues.js';
import { RESUME } from './lane-scripts.js';
import { NEVER_REACHED } from './queue-options.js';

/** The configured destinations by name; of each its kind is read. */
export type Destinations = Readonly<Record<string, { readonly kind: string }>>;

/** What keeps a destination from being sent to; how often it may be sent to and how it failed last stays. */
const OBSTACLES = 'paused breaker until askedSince failures trips probe probeLease'.split(' ');

interface LaneCommands extends Redis {
  resumeLane(lane: string, limiter: string, marker: string, now: number, ...fields: string[]): Promise<null>;
}

/** The lanes as people see and steer them. */
@Injectable()
export class Lanes {
  private readonly redis: LaneCommands;

  constructor(
    connections: RedisConnections,
    private readonly queues: LaneQueues,
  ) {
    const redis = connections.forWorkers();
    redis.defineCommand('resumeLane', { numberOfKeys: 3, lua: RESUME });
    this.redis = redis as LaneCommands;
  }

  /** Those of all configured destinations and of the engine, and what destinations of earlier times left behind. */
  async list(destinations: Destinations): Promise<LaneReport[]> {
    const kinds = new Map(Object.entries(destinations).map(([name, { kind }]) => [name, kind]));
    kinds.set(OWN_SOURCE, OWN_SOURCE);
    const names = [...new Set([...kinds.keys(), ...(await this.queues.names())])].sort();
    const reports = await Promise.all(names.map((name) => this.of(name, kinds.get(name))));
    return reports.filter((report) => report.kind !== undefined || isBusy(report) || report.dead > 0);
  }

  /** @throws Failure `lane.unknown` with the nearest name */
  async mustExist(name: string, destinations: Destinations): Promise<void> {
    const slip = await this.slip(name, destinations);
    if (slip !== undefined) throw permanent('lane.unknown', slip);
  }

  /** What to say of a name that no lane has, with the nearest one; undefined when one has it. */
  async slip(name: string, destinations: Destinations): Promise<string | undefined> {
    const names = [...Object.keys(destinations), OWN_SOURCE, ...(await this.queues.names())];
    if (names.includes(name)) return undefined;
    const near = nearest(name, names);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return `There is no destination ${JSON.stringify(name)}.${hint}`;
  }

  /** What is under way ends; everything else is kept until somebody resumes the lane. */
  async pause(name: string, pause: LanePause): Promise<void> {
    await this.redis.hset(laneKey(name), 'paused', JSON.stringify(pause));
  }

  /** Ends the pause, and whatever else holds the lane: its breaker, a time that its target named. */
  async resume(name: string): Promise<void> {
    const lane = this.queues.lane(name);
    const keys = [laneKey(name), lane.toKey('limiter'), lane.toKey('marker')] as const;
    await this.redis.resumeLane(...keys, systemClock.now(), ...OBSTACLES);
  }

  /** `kind`: of its destination, where that is configured. */
  async of(name: string, kind?: string): Promise<LaneReport> {
    const lane = this.queues.lane(name);
    const [counts, state, limitedMs] = await Promise.all([
      laneCounts(lane),
      this.redis.hmget(laneKey(name), 'paused', 'breaker', 'until', 'lastFailure', 'since', 'askedSince'),
      lane.getRateLimitTtl(NEVER_REACHED),
    ]);
    const [paused, breaker, until, lastFailure, changed, askedSince] = state;
    const now = systemClock.now();
    const heldUntil = Math.max(Number(until ?? 0), limitedMs > 0 ? now + limitedMs : 0);
    const isForAPerson = paused != null || breaker === 'disabled';
    const isHeld = heldUntil > now && !isForAPerson;
    const closedSince = isHeld ? askedSince : undefined;
    const since = (breaker ?? 'closed') === 'closed' ? closedSince : changed;
    return {
      name,
      ...(kind === undefined ? {} : { kind }),
      ...counts,
      ...(paused == null ? {} : { paused: JSON.parse(paused) as LanePause }),
      breaker: (breaker ?? 'closed') as BreakerState,
      ...(since == null ? {} : { since: Number(since) }),
      ...(isHeld ? { heldUntil } : {}),
      ...(lastFailure == null ? {} : { lastFailure }),
    };
  }
}
