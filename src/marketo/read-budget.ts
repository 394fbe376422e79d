import type { Redis } from 'ioredis';
import type { Clock } from '../contracts/clock.js';
import type { MarketoDestination } from '../contracts/connections.js';
import { type Failure, postponed } from '../contracts/failure.js';
import { instanceKey } from '../contracts/munchkin-id.js';
import { QUEUE_PREFIX } from '../redis/keys.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { nextMidnightCentral } from './midnight-central.js';
import { PAUSE_READS, TAKE_READ } from './read-budget-script.js';
import { usageKey } from './usage/usage-key.js';

/** Of the 100 calls in 20 seconds that an instance takes from everybody together. */
const CALLS_A_WINDOW = 40;
const WINDOW_MS = 20_000;
const LOOK_UPS_PER_DAY = 5_000;
/** From this share of the day's calls on, what is left is kept for acting. */
const SPARED_PERCENT = 95;
const KEEP_MS = 2 * 86_400_000;

/** What a call is for: looking leads up, or the usage of the day, which must be known also when little is left of it. */
export type ReadPurpose = 'look-up' | 'poll';

type Obstacle = '' | 'paused' | 'day' | 'used' | 'window';

interface BudgetCommands extends Redis {
  takeRead(
    budget: string,
    recent: string,
    usage: string,
    ...args: (string | number)[]
  ): Promise<[Obstacle, string]>;
  pauseReads(budget: string, until: number, keepMs: number): Promise<null>;
}

/** The calls that reading from Marketo may use, over all processes, so that acting is never short of them. */
export class ReadBudget {
  private readonly redis: BudgetCommands;

  constructor(
    connections: RedisConnections,
    private readonly clock: Clock,
  ) {
    const redis = connections.forWorkers();
    redis.defineCommand('takeRead', { numberOfKeys: 3, lua: TAKE_READ });
    redis.defineCommand('pauseReads', { numberOfKeys: 1, lua: PAUSE_READS });
    this.redis = redis as BudgetCommands;
  }

  /** Takes one call of the instance. Throws a `Failure` that says when to ask again if there is none left now. */
  async take(instance: MarketoDestination, purpose: ReadPurpose): Promise<void> {
    const now = this.clock.now();
    const key = budgetKey(instance);
    const [obstacle, until] = await this.redis.takeRead(
      ...([key, `${key}:recent`, usageKey(instance.munchkinId)] as const),
      ...[now, nextMidnightCentral(now), WINDOW_MS, CALLS_A_WINDOW, KEEP_MS],
      ...(purpose === 'look-up' ? lookUpLimits(instance) : []),
    );
    if (obstacle !== '') throw exhausted(obstacle, instance, Number(until));
  }

  /** Nothing is read from the instance before `until`, epoch milliseconds. */
  async pause(instance: MarketoDestination, until: number): Promise<void> {
    await this.redis.pauseReads(budgetKey(instance), until, KEEP_MS);
  }
}

/** How many calls a day looking up may take. */
export function lookUpsPerDay({ lookUps }: MarketoDestination): number {
  return lookUps?.perDay ?? LOOK_UPS_PER_DAY;
}

function lookUpLimits(instance: MarketoDestination): [perDay: number, spared: number | ''] {
  const { dailyCalls } = instance;
  return [lookUpsPerDay(instance), dailyCalls === undefined ? '' : (dailyCalls * SPARED_PERCENT) / 100];
}

function exhausted(obstacle: Exclude<Obstacle, ''>, instance: MarketoDestination, until: number): Failure {
  const { munchkinId, dailyCalls = 0 } = instance;
  const sentences = {
    paused: `Marketo instance ${munchkinId} asked not to be read before ${new Date(until).toISOString()}`,
    day: `The ${lookUpsPerDay(instance)} calls a day that looking up leads of ${munchkinId} may take are used up`,
    used: `${SPARED_PERCENT} % of the ${dailyCalls} calls a day of ${munchkinId} are used: no more leads are looked up today`,
    window: `${CALLS_A_WINDOW} reads of ${munchkinId} within ${WINDOW_MS / 1_000} seconds are the most that may be made`,
  };
  return postponed(`marketo.read_budget.${obstacle}`, sentences[obstacle], until);
}

function budgetKey({ munchkinId }: MarketoDestination): string {
  return `${QUEUE_PREFIX}:reads:${instanceKey(munchkinId)}`;
}
