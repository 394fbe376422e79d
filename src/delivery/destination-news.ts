import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Redis } from 'ioredis';
import { CONNECTIONS } from '../config/app-config.js';
import { OWN_SOURCE } from '../contracts/batch.js';
import { systemClock } from '../contracts/clock.js';
import type { Connections } from '../contracts/connections.js';
import { ownBatch } from '../contracts/own-event.js';
import { Rounds } from '../observability/rounds.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { EventsQueue } from '../queues/events-queue.js';
import { LANE_NEWS_KEY } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import {
  DESTINATION_STATES,
  type DestinationStanding,
  type DestinationState,
  DestinationStates,
} from './destination-states.js';
import type { LaneNews } from './gate/lane-news.js';

const EVERY_MS = 60_000;

/** A destination that was in trouble is well again, or better, when it has been so for this long. */
const QUIET_MS = 5 * 60_000;

/** How a destination fares, and since when there is trouble, epoch milliseconds. */
interface Told {
  readonly state: DestinationState;
  readonly since: number;
}

/**
 * Tells the rules when a destination fails, when it wants nothing any more, when too much waits for it, and when it is well
 * again and has stayed so for a while: one that fails again and again is told once. It compares what is with what was told,
 * at once when a worker has seen a change and once a minute, so that a worker that dies in between leaves nothing untold.
 * The event's id follows from the trouble itself: one that is told twice is a duplicate.
 */
@Injectable()
export class DestinationNews implements LaneNews, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DestinationNews.name);
  private readonly seldom = new SeldomLog(this.logger);
  private readonly redis: Redis;
  private readonly rounds = new Rounds(
    () => this.tellAll(),
    'The rules could not be told how destinations fare',
    this.seldom,
  );

  constructor(
    private readonly events: EventsQueue,
    private readonly states: DestinationStates,
    redis: RedisConnections,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {
    this.redis = redis.forWorkers();
  }

  onApplicationBootstrap(): void {
    this.rounds.start(EVERY_MS);
    this.rounds.now();
  }

  beforeApplicationShutdown(): void {
    this.rounds.stop();
  }

  /** Never rejects: what could not be told now is told within a minute. */
  async changed(destination: string): Promise<void> {
    try {
      await this.tell(destination);
    } catch (error) {
      this.seldom.warn('tell', `The rules hear a little later how ${destination} fares: ${String(error)}`);
    }
  }

  private async tellAll(): Promise<void> {
    for (const name of [...Object.keys(this.connections.destinations), OWN_SOURCE]) await this.tell(name);
  }

  private async tell(destination: string): Promise<void> {
    const [standing, text] = await Promise.all([
      this.states.of(destination),
      this.redis.hget(LANE_NEWS_KEY, destination),
    ]);
    const told = text === null ? { state: 'well' as const, since: 0 } : (JSON.parse(text) as Told);
    const { state } = standing;
    if (state === told.state) return;
    const isBetter = DESTINATION_STATES.indexOf(state) < DESTINATION_STATES.indexOf(told.state);
    if (isBetter && systemClock.now() - standing.changedAt < QUIET_MS) return;
    // Of one that is well again it is said how long the trouble lasted.
    const since = state === 'well' ? told.since : standing.since;
    await this.write(destination, { ...standing, since });
    if (state === 'well') await this.redis.hdel(LANE_NEWS_KEY, destination);
    else await this.redis.hset(LANE_NEWS_KEY, destination, JSON.stringify({ state, since }));
  }

  private async write(destination: string, standing: DestinationStanding): Promise<void> {
    const { state, since, reason, waiting } = standing;
    const data = {
      destination,
      kind: this.connections.destinations[destination]?.kind ?? OWN_SOURCE,
      state,
      since: new Date(since).toISOString(),
      reason,
      waiting,
    };
    const identity = [destination, state, since];
    const type = 'signalman.destination.failing';
    const at = systemClock.now();
    await this.events.add(ownBatch({ type, identity, subject: destination, at, data }));
    this.logger[state === 'well' ? 'log' : 'warn']({ event: 'destination.failing', ...data });
  }
}
