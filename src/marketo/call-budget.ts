import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../contracts/clock.js';
import type { MarketoDestination } from '../contracts/connections.js';
import type { Priority } from '../contracts/effect.js';
import { instanceKey } from '../contracts/munchkin-id.js';
import { QUEUE_PREFIX } from '../redis/keys.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { END_CALL, REPORT_CALLS, TAKE_CALL } from './budget/budget-scripts.js';
import { callLimits, lookUpsPerDay } from './budget/call-limits.js';
import type { Obstacle } from './budget/obstacles.js';
import { PROBE_EVERY_MS, RATE_WINDOW_MS } from './marketo-failure.js';
import { nextMidnightCentral } from './midnight-central.js';
import { usageKey } from './usage/usage-key.js';

/** Calls do not all take equally long to arrive, so ours are counted over a little more than Marketo's window. */
const WINDOW_MS = RATE_WINDOW_MS + 1_000;
/** Nobody knows when a place is given back. */
const PLACE_MS = 100;
const PROBE_MS = 60_000;
const LOWERED_MS = 60_000;
const KEEP_MS = 2 * 86_400_000;

/** What a call is for. */
export interface WantedCall {
  /** An action kind; `look-up`, which has a limit of its own; `usage`, by whose answer the day is reckoned. */
  readonly kind: string;
  readonly priority: Priority;
  /** The longest that it can take, milliseconds: after that its place is free, whatever became of its worker. */
  readonly leaseMs: number;
}

/** `until`, epoch milliseconds by the clock of whoever asks: before then it is of no use to ask again. */
export type Grant = { readonly lease: string } | { readonly obstacle: Obstacle; readonly until: number };

/** What Marketo said to a call: a code of its catalogue, or that it was done; empty when it said neither. */
export type Said = 'done' | '606' | '607' | '615' | '';

/** How many calls there are of each limit. */
export interface BudgetReport {
  readonly window: number;
  readonly places: number;
  /** By all who call, as far as is known. */
  readonly day: number;
}

type Keys = [book: string, recent: string, places: string, usage: string];

interface BudgetCommands extends Redis {
  takeCall(...args: [...Keys, ...(string | number)[]]): Promise<[Obstacle | '', number]>;
  endCall(book: string, places: string, ...args: (string | number)[]): Promise<null>;
  reportCalls(...args: [...Keys, ...(string | number)[]]): Promise<[number, number, number]>;
}

/**
 * The calls that may be made to each Marketo instance, over all processes: within 20 seconds, at once, and of the day,
 * which others use as well. Calls that matter less leave room for those that matter more.
 */
export class CallBudget {
  private readonly redis: BudgetCommands;

  /**
   * `clock` tells which day it is. Windows and leases go by the clock of Redis, the same for all; by `timer` only in a
   * simulation, where time is not to pass by itself.
   */
  constructor(
    connections: RedisConnections,
    private readonly clock: Clock,
    private readonly timer?: Clock,
  ) {
    const redis = connections.forWorkers();
    redis.defineCommand('takeCall', { numberOfKeys: 4, lua: TAKE_CALL });
    redis.defineCommand('endCall', { numberOfKeys: 2, lua: END_CALL });
    redis.defineCommand('reportCalls', { numberOfKeys: 4, lua: REPORT_CALLS });
    this.redis = redis as BudgetCommands;
  }

  /** One call, or what is in its way. A lease has to be given back when the call is over. */
  async take(instance: MarketoDestination, { kind, priority, leaseMs }: WantedCall): Promise<Grant> {
    const now = this.clock.now();
    const lease = randomUUID();
    const midnight = nextMidnightCentral(now);
    const { perWindow, atOnce, share, day } = callLimits(instance, priority);
    const [obstacle, waitMs] = await this.redis.takeCall(
      ...keysOf(instance),
      ...[this.timed, midnight, WINDOW_MS, perWindow, atOnce, share],
      ...[lease, leaseMs, KEEP_MS, day ?? ''],
      ...[kind === 'look-up' ? lookUpsPerDay(instance) : '', kind === 'usage' ? 1 : 0, PROBE_MS],
    );
    if (obstacle === '') return { lease };
    if (obstacle === 'day' || obstacle === 'look-ups') return { obstacle, until: midnight };
    return { obstacle, until: now + (obstacle === 'places' ? PLACE_MS : waitMs) };
  }

  /** The call is over. What Marketo said about its limits holds for all who call the instance. */
  async giveBack(instance: MarketoDestination, lease: string, said: Said): Promise<void> {
    const [book, , places] = keysOf(instance);
    const { atOnce } = callLimits(instance, 'high');
    await this.redis.endCall(
      ...[book, places, lease, this.timed, said, nextMidnightCentral(this.clock.now())],
      ...[atOnce, RATE_WINDOW_MS, PROBE_EVERY_MS, LOWERED_MS, KEEP_MS],
    );
  }

  async report(instance: MarketoDestination): Promise<BudgetReport> {
    const [window, places, day] = await this.redis.reportCalls(
      ...keysOf(instance),
      ...[this.timed, nextMidnightCentral(this.clock.now()), RATE_WINDOW_MS],
    );
    return { window, places, day };
  }

  /** For the scripts: the time, empty where Redis knows it. */
  private get timed(): number | '' {
    return this.timer?.now() ?? '';
  }
}

function keysOf({ munchkinId }: MarketoDestination): Keys {
  const key = `${QUEUE_PREFIX}:calls:${instanceKey(munchkinId)}`;
  return [key, `${key}:recent`, `${key}:places`, usageKey(munchkinId)];
}
