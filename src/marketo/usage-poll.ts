import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { RawBatch } from '../contracts/batch.js';
import type { Connections, MarketoDestination } from '../contracts/connections.js';
import { ownBatch } from '../contracts/own-event.js';
import { Rounds } from '../observability/rounds.js';
import { SeldomLog } from '../observability/seldom-log.js';
import type { Locks } from '../state/locks.js';
import { marketoInstances } from './instances.js';
import type { MarketoReads } from './marketo-reads.js';
import { dayCentral, lastMidnightCentral, nextMidnightCentral } from './midnight-central.js';
import { forecastAtMidnight, type UsageSample } from './usage/forecast.js';
import type { NotedUsage, UsageBook } from './usage/usage-book.js';
import { type CountedCalls, figuresOf, readUsage, type UsageFigures } from './usage/usage-figures.js';

const PATH = '/rest/v1/stats/usage.json';
const TIMEOUT_MS = 8_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const POLL_MS = 5 * MINUTE_MS;
/** Longer than the time between two looks, so that one process keeps asking while it lives. */
const LEASE_MS = 90_000;
/** Marketo may turn the day so much later than we do. */
const LATE_TURN_MS = 15 * MINUTE_MS;

export interface PollTools {
  readonly reads: MarketoReads;
  readonly book: UsageBook;
  readonly queue: { add(batch: RawBatch): Promise<void> };
  readonly locks: Pick<Locks, 'acquire'>;
}

/**
 * Reads how many API calls of each instance are used, as often as its destination says, and tells the rules. All
 * processes look every minute whether it is time; one asks.
 */
export class UsagePoll implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly seldom = new SeldomLog(new Logger(UsagePoll.name));
  private readonly holder = randomUUID();
  private readonly instances: ReadonlyMap<string, MarketoDestination>;
  /** When an instance was asked last, also in vain. */
  private readonly askedAt = new Map<string, number>();
  private readonly rounds = new Rounds(
    () => this.look(Date.now()),
    'The usage of Marketo could not be read',
    this.seldom,
  );

  constructor(
    connections: Connections,
    private readonly tools: PollTools,
  ) {
    this.instances = marketoInstances(connections);
  }

  onApplicationBootstrap(): void {
    this.rounds.start(MINUTE_MS);
  }

  /** The lock is left to end by itself: without Redis nobody could give it back. */
  beforeApplicationShutdown(): void {
    this.rounds.stop();
  }

  /** `now`: epoch milliseconds. What goes wrong is logged. */
  async look(now: number): Promise<void> {
    await Promise.all(
      [...this.instances].map(([key, instance]) =>
        this.lookAt(key, instance, now).catch((error: unknown) => {
          if (this.rounds.isStopped) return;
          const reason = error instanceof Error ? error.message : String(error);
          this.seldom.warn(key, `The usage of ${instance.munchkinId} could not be read: ${reason}.`);
        }),
      ),
    );
  }

  private async lookAt(key: string, instance: MarketoDestination, now: number): Promise<void> {
    const everyMs = instance.usagePollMs ?? POLL_MS;
    if (everyMs === 0) return;
    const { locks, book, reads } = this.tools;
    if (!(await locks.acquire(`marketo-usage:${key}`, this.holder, LEASE_MS))) return;
    const before = await book.read(key);
    const lastAt = Math.max(before?.at ?? 0, this.askedAt.get(key) ?? 0);
    // Looks do not come at exact minutes.
    if (Math.abs(now - lastAt) < everyMs - MINUTE_MS / 2) return;
    this.askedAt.set(key, now);
    const read = { path: PATH, purpose: 'usage' } as const;
    const counted = readUsage(await reads.read(instance, read, AbortSignal.timeout(TIMEOUT_MS)));
    if (!isOfTheDayBefore(counted, now)) await this.note(instance, counted, before?.told, now);
  }

  private async note(
    instance: MarketoDestination,
    counted: CountedCalls,
    told: UsageSample | undefined,
    at: number,
  ): Promise<void> {
    const { book } = this.tools;
    const { used } = counted;
    const [began, ends] = [lastMidnightCentral(at), nextMidnightCentral(at)];
    const hourAgo = await book.sampleBetween(instance.munchkinId, began, at - HOUR_MS);
    const figures = figuresOf(instance, counted, forecastAtMidnight({ at, used, began, ends, hourAgo }));
    const isNews = told === undefined || told.used !== used || at - told.at >= HOUR_MS;
    if (isNews) await this.tell(figures, told, at);
    const noted: NotedUsage = { at, day: ends, figures, ...(isNews ? { told: { at, used } } : {}) };
    await book.note(noted, began);
  }

  /** Queued before it is written down that it was told: a crash between the two repeats the same event. */
  private async tell(figures: UsageFigures, told: UsageSample | undefined, at: number): Promise<void> {
    const { munchkinId, used } = figures;
    const identity = [munchkinId, told?.at ?? null, used];
    const data = { ...figures };
    await this.tools.queue.add(
      ownBatch({ type: 'signalman.usage', identity, subject: munchkinId, munchkinId, at, data }),
    );
  }
}

/** Just after midnight the day's first figures may still be the last of the day before. */
function isOfTheDayBefore({ date }: CountedCalls, now: number): boolean {
  const began = lastMidnightCentral(now);
  return now - began < LATE_TURN_MS && date === dayCentral(began - 1);
}
