import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import {
  hourOf,
  LEDGER_COUNTS,
  LEDGER_KEEP_SECONDS,
  type Hour,
  type LedgerCount,
  type LedgerLine,
  type QueuedWork,
} from '../contracts/completeness.js';
import { EPOCH_KEY } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { beginningOf } from '../redis/redis-epoch.js';
import { deliveriesKey, HEARD_KEY, ledgerKey } from './completeness-keys.js';
import {
  accountsOf,
  type Accounts,
  type DeliveryCounts,
  settledOf,
  type Snapshot,
} from './completeness-report.js';
import { verdictOf, type Verdict } from './completeness-verdict.js';

const HOUR_MS = 3_600_000;
const MOST_HOURS = LEDGER_KEEP_SECONDS / 3_600;

export interface ReportRange {
  /** Epoch milliseconds; the hours that these lie in are both part of the report. At most 40 days. */
  readonly from: number;
  readonly to: number;
  /** Only this one; all unless given. */
  readonly source?: string;
}

export interface CompletenessReport extends Accounts, Verdict {
  readonly from: Hour;
  readonly to: Hour;
}

/** When a stream was heard last. */
export interface Heard {
  readonly source: string;
  readonly stream: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Reads the ledger of completeness: what came, what became of it, and whether anything is missing. */
@Injectable()
export class CompletenessLedger {
  private readonly redis: Redis;

  constructor(connections: RedisConnections) {
    this.redis = connections.forWorkers();
  }

  /** `work`: the queues, which are read only where something has not come to its end. */
  async report(range: ReportRange, work: QueuedWork): Promise<CompletenessReport> {
    const hours = hoursBetween(range.from, range.to);
    const before = await this.read(hours, range.source);
    const unread = before.deliveries.some(({ accepted, seen }) => accepted > seen);
    const unsent = before.lines.some(({ counts }) => counts.effects > settledOf(counts));
    const queued = unread ? await work.deliveries() : [];
    const queuedEffects = unsent ? await work.effects() : [];
    const after = unread || unsent ? await this.read(hours, range.source) : before;
    const accounts = accountsOf({ before, queued, queuedEffects, after });
    const began = beginningOf(await this.redis.get(EPOCH_KEY));
    const verdict = verdictOf(accounts, began !== undefined && began > range.from ? began : undefined);
    return { from: hours[0] ?? '', to: hours.at(-1) ?? '', ...verdict, ...accounts };
  }

  /** What the ledger holds of these hours, in their order. */
  async read(hours: readonly Hour[], source?: string): Promise<Snapshot> {
    const pipeline = this.redis.pipeline();
    for (const hour of hours) pipeline.hgetall(ledgerKey(hour)).hgetall(deliveriesKey(hour));
    const answers = ((await pipeline.exec()) ?? []).map(([error, fields]) => {
      if (error) throw error;
      return fields as Record<string, string>;
    });
    const ofSource = (each: { source: string }): boolean => source === undefined || each.source === source;
    return {
      lines: hours.flatMap((hour, index) => linesOf(hour, answers[2 * index] ?? {})).filter(ofSource),
      deliveries: hours
        .flatMap((hour, index) => deliveriesIn(hour, answers[2 * index + 1] ?? {}))
        .filter(ofSource),
    };
  }

  /** Every stream that has ever been heard. */
  async heard(): Promise<Heard[]> {
    return Object.entries(await this.redis.hgetall(HEARD_KEY)).map(([name, at]) => {
      const [source = '', stream = ''] = name.split('|');
      return { source, stream, at: Number(at) };
    });
  }
}

/** The hours from that of one instant to that of another, epoch milliseconds; the newest 40 days of them. */
export function hoursBetween(from: number, to: number): Hour[] {
  const last = Math.floor(to / HOUR_MS);
  const first = Math.max(Math.floor(from / HOUR_MS), last - MOST_HOURS + 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    hourOf(new Date((first + index) * HOUR_MS).toISOString()),
  );
}

function linesOf(hour: Hour, fields: Readonly<Record<string, string>>): Snapshot['lines'] {
  const lines = new Map<string, LedgerLine & { counts: Record<LedgerCount, number> }>();
  for (const [name, value] of Object.entries(fields)) {
    const [source = '', stream = '', count = ''] = name.split('|');
    const key = `${source}|${stream}`;
    let line = lines.get(key);
    if (line === undefined)
      lines.set(key, (line = { hour, source, stream: stream as LedgerLine['stream'], counts: none() }));
    line.counts[count as LedgerCount] = Number(value);
  }
  return [...lines.values()].sort((a, b) => compare(a.source, b.source) || compare(a.stream, b.stream));
}

function deliveriesIn(hour: Hour, fields: Readonly<Record<string, string>>): DeliveryCounts[] {
  const counts = new Map<string, { hour: Hour; source: string; accepted: number; seen: number }>();
  for (const [name, value] of Object.entries(fields)) {
    const [source = '', what = ''] = name.split('|');
    let entry = counts.get(source);
    if (entry === undefined) counts.set(source, (entry = { hour, source, accepted: 0, seen: 0 }));
    entry[what as 'accepted' | 'seen'] = Number(value);
  }
  return [...counts.values()].sort((a, b) => compare(a.source, b.source));
}

function none(): Record<LedgerCount, number> {
  return Object.fromEntries(LEDGER_COUNTS.map((count) => [count, 0])) as Record<LedgerCount, number>;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
