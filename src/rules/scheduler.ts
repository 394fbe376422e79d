import { randomUUID } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ownBatch } from '../contracts/own-event.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { EventsQueue } from '../queues/events-queue.js';
import { Locks } from '../state/locks.js';
import { type DueRun, dueRuns, nextRun, runsWithin } from './flow/timetable.js';
import { SCHEDULE_TYPE } from './loading/rule-of.js';
import { RuleStore } from './loading/rule-store.js';
import type { Rule, Timetable } from './rule.js';
import { ScheduleMemory, type ToldSchedule } from './schedule-memory.js';

const LOCK = 'scheduler';
const EVERY_MS = 5_000;

/** Longer than the time between two looks, so that one process keeps the schedule while it lives. */
const LEASE_MS = 15_000;

interface ScheduledRule {
  readonly id: string;
  /** Undefined while the rule is off, so that it misses nothing. */
  readonly every: Timetable | undefined;
  readonly timetable: string;
}

/**
 * Tells rules with `every` that it is time. All processes look, one at a time tells; the events' ids follow from rule
 * and time, so that a run that is told again after a crash is recognised as a duplicate.
 */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly seldom = new SeldomLog(new Logger(Scheduler.name));
  private readonly holder = randomUUID();
  /** By rule id: nothing is due before `at`, epoch milliseconds, while its timetable is this one. */
  private next = new Map<string, { readonly timetable: string; readonly at: number }>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly rules: RuleStore,
    private readonly memory: ScheduleMemory,
    private readonly queue: EventsQueue,
    private readonly locks: Locks,
  ) {}

  onApplicationBootstrap(): void {
    this.lookIn(0);
  }

  /** The lock is left to end by itself: without Redis nobody could give it back. */
  beforeApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.stopped = true;
  }

  /**
   * Tells every run that has come due. A rule that is seen for the first time, or with another timetable, begins now.
   * `now`: epoch milliseconds.
   * @returns when the next run is due, epoch milliseconds; `Infinity` when there is none or another process tells it.
   */
  async look(now: number): Promise<number> {
    if (!(await this.locks.acquire(LOCK, this.holder, LEASE_MS))) return Infinity;
    const scheduled = this.rules.sources().rules.flatMap((rule) => scheduledRule(rule, now));
    const due = scheduled.filter((rule) => !this.isSettled(rule, now));
    const told = await this.memory.of(due.map(({ id }) => id));
    for (const rule of due) await this.tell(rule, told.get(rule.id), now);
    const ids = new Set(scheduled.map(({ id }) => id));
    this.next = new Map([...this.next].filter(([id]) => ids.has(id)));
    return Math.min(Infinity, ...[...this.next.values()].map(({ at }) => at));
  }

  private isSettled({ id, timetable }: ScheduledRule, now: number): boolean {
    const next = this.next.get(id);
    return next?.timetable === timetable && next.at > now;
  }

  private async tell(rule: ScheduledRule, told: ToldSchedule | undefined, now: number): Promise<void> {
    const { id, every, timetable } = rule;
    const isKnown = told?.timetable === timetable;
    const { until, leftOut } = isKnown ? told : { until: now, leftOut: 0 };
    const runs = every === undefined ? [] : runsWithin(every, until, now);
    const due = dueRuns(every?.missed ?? 'skip', runs, now, leftOut);
    for (const run of due.told) await this.queue.add(runBatch(rule, run, now));
    if (!isKnown || runs.length > 0)
      await this.memory.remember(id, { timetable, until: runs.at(-1) ?? until, leftOut: due.leftOut });
    const at = every === undefined ? undefined : nextRun(every, now);
    this.next.set(id, { timetable, at: at ?? Infinity });
  }

  private lookIn(ms: number): void {
    this.timer = setTimeout(() => void this.lookNow(), ms).unref();
  }

  /** While Redis is away a look takes as long as the outage does, and the next one begins after it. */
  private async lookNow(): Promise<void> {
    let next = Infinity;
    try {
      next = await this.look(Date.now());
    } catch (error) {
      if (!this.stopped) this.seldom.warn('look', `The schedule could not be looked at: ${String(error)}`);
    }
    if (!this.stopped) this.lookIn(Math.max(0, Math.min(EVERY_MS, next - Date.now())));
  }
}

/** A rule that is off or has reached its end has no timetable. */
function scheduledRule({ id, every, mode, expires = Infinity }: Rule, now: number): ScheduledRule[] {
  if (every === undefined) return [];
  if (mode === 'off' || expires <= now) return [{ id, every: undefined, timetable: 'off' }];
  return [{ id, every, timetable: `${every.cron} ${every.timeZone}` }];
}

function runBatch({ id, timetable }: ScheduledRule, { at, missed }: DueRun, now: number) {
  return ownBatch({
    type: SCHEDULE_TYPE,
    identity: [id, timetable, at],
    subject: id,
    at,
    receivedAt: now,
    data: { rule: id, scheduledAt: new Date(at).toISOString(), missed },
  });
}
