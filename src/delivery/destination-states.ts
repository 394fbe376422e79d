import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { systemClock } from '../contracts/clock.js';
import { laneShare } from '../queues/backlog-limits.js';
import { laneCounts } from '../queues/lane-counts.js';
import { LaneQueues } from '../queues/lane-queues.js';
import { laneKey } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';

/** From the best to the worst. `full`: so much waits for it that no more of that counts. */
export const DESTINATION_STATES = ['well', 'full', 'failing', 'disabled'] as const;
export type DestinationState = (typeof DESTINATION_STATES)[number];

/** How a destination fares. Times are epoch milliseconds. */
export interface DestinationStanding {
  readonly state: DestinationState;
  /** When that began; 0 while it is well. */
  readonly since: number;
  /** When its breaker changed last, or what it asked for was or will be over. */
  readonly changedAt: number;
  /** `code: sentence` of its last failure, or how much waits. */
  readonly reason: string;
  /** How many effects are not sent yet, those under way included: of a destination that fails they wait as well. */
  readonly waiting: number;
}

/** A destination that asks to be left alone for longer than this, all in all, is in trouble. */
const LONG_MS = 15 * 60_000;

/** What Redis knows of its lane; times are 0 where there is none. */
interface Lane {
  readonly breaker: string;
  readonly changed: number;
  readonly askedSince: number;
  readonly until: number;
}

/** Says how destinations fare by what their lanes went through and hold, and notes since when one is full. */
@Injectable()
export class DestinationStates {
  private readonly redis: Redis;

  constructor(
    redis: RedisConnections,
    private readonly lanes: LaneQueues,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'limits'>,
  ) {
    this.redis = redis.forWorkers();
  }

  async of(destination: string): Promise<DestinationStanding> {
    const [[breaker, changed, askedSince, until, full, failure], counts] = await Promise.all([
      this.redis.hmget(
        laneKey(destination),
        ...['breaker', 'since', 'askedSince', 'until', 'fullSince', 'lastFailure'],
      ),
      laneCounts(this.lanes.lane(destination)),
    ]);
    const waiting = counts.waiting + counts.delayed;
    const lane = {
      ...{ breaker: breaker ?? 'closed', changed: Number(changed) },
      ...{ askedSince: Number(askedSince), until: Number(until) },
    };
    const fullSince = await this.fullSince(destination, Number(full), waiting + counts.dead);
    const trouble = troubleOf(lane);
    const common = {
      changedAt: Math.max(lane.changed, lane.until),
      waiting: waiting + counts.underWay,
    };
    if (trouble !== undefined) return { ...trouble, ...common, reason: failure ?? '' };
    if (fullSince === 0) return { state: 'well', since: 0, ...common, reason: failure ?? '' };
    const reason = `${waiting} effects wait and ${counts.dead} are dead letters`;
    return { state: 'full', since: fullSince, ...common, reason };
  }

  /** Noted once for all processes. It is full until half of its share is free, so that it is not told again and again. */
  private async fullSince(destination: string, known: number, effects: number): Promise<number> {
    const share = laneShare(this.config.limits);
    const isFull = effects >= (known > 0 ? share / 2 : share);
    if (isFull === known > 0) return known;
    const key = laneKey(destination);
    if (isFull) await this.redis.hsetnx(key, 'fullSince', systemClock.now());
    else await this.redis.hdel(key, 'fullSince');
    return Number(await this.redis.hget(key, 'fullSince'));
  }
}

function troubleOf(lane: Lane): Pick<DestinationStanding, 'state' | 'since'> | undefined {
  const { breaker, changed, askedSince, until } = lane;
  if (breaker === 'disabled') return { state: 'disabled', since: changed };
  if (breaker !== 'closed') return { state: 'failing', since: changed };
  const isHeldLong = askedSince > 0 && until > systemClock.now() && until - askedSince >= LONG_MS;
  return isHeldLong ? { state: 'failing', since: askedSince } : undefined;
}
