import type {
  Hour,
  LedgerCount,
  LedgerLine,
  QueuedDeliveries,
  QueuedEffects,
} from '../contracts/completeness.js';

export type Counts = Readonly<Record<LedgerCount, number>>;

/** Deliveries of one source, received in an hour: request bodies. */
export interface DeliveryCounts {
  readonly hour: Hour;
  readonly source: string;
  /** Stored, so that they were answered with 2xx. */
  readonly accepted: number;
  /** Of those, seen through: everything in them is on the ledger. */
  readonly seen: number;
}

/** What the ledger held at one moment. */
export interface Snapshot {
  readonly lines: readonly (LedgerLine & { readonly counts: Counts })[];
  readonly deliveries: readonly DeliveryCounts[];
}

/** What the queues held after `before` was read and before `after` was. */
export interface Observation {
  readonly before: Snapshot;
  readonly queued: readonly QueuedDeliveries[];
  readonly queuedEffects: readonly QueuedEffects[];
  readonly after: Snapshot;
}

/** The account of one line, or of several together. */
export interface Account {
  readonly counts: Counts;
  /** By any route: webhook, journal, import, engine. */
  readonly received: number;
  /** Decided, kept as history, known as duplicates, or in quarantine. */
  readonly accounted: number;
  /** Received, and nobody knows what became of them. */
  readonly missing: number;
  /** Effects that wait for their turn or their next try. */
  readonly effectsWaiting: number;
  /** Effects that are neither over nor in the queue. */
  readonly effectsMissing: number;
}

export type LineAccount = LedgerLine & Account;

export interface DeliveryAccount extends DeliveryCounts {
  readonly waiting: number;
  /** Given up until a person puts them back: nothing in them was decided. */
  readonly dead: number;
  /** Accepted, and neither seen through nor in the queue. */
  readonly missing: number;
}

export type StreamAccount = Omit<LedgerLine, 'hour'> & Account;

export interface Accounts {
  readonly lines: readonly LineAccount[];
  readonly deliveries: readonly DeliveryAccount[];
  /** The lines of each source and stream together. */
  readonly streams: readonly StreamAccount[];
}

/**
 * Compares what came with what became of it. What had come before the queues were read is in them or was seen through
 * by the time of the second look, so that nothing is called missing that is only on its way; what came meanwhile is
 * left for the next report.
 */
export function accountsOf({ before, queued, queuedEffects, after }: Observation): Accounts {
  const earlier = new Map(before.lines.map((line) => [nameOf(line), line.counts.effects]));
  const effects = new Map(queuedEffects.map((held) => [nameOf(held), held]));
  const lines = after.lines.map((line) => {
    const name = nameOf(line);
    return { ...line, ...accountOf(line.counts, earlier.get(name) ?? 0, effects.get(name)) };
  });
  return { lines, deliveries: deliveriesOf(before, queued, after), streams: streamsOf(lines) };
}

function accountOf(
  counts: Counts,
  effects: number,
  held: QueuedEffects | undefined,
): Omit<Account, 'counts'> {
  const received = counts.webhook + counts.journal + counts.import + counts.engine;
  const accounted = counts.decided + counts.history + counts.duplicates + counts.quarantined;
  const effectsWaiting = held?.waiting ?? 0;
  const over = settledOf(counts) - counts.failed + Math.max(counts.failed, held?.dead ?? 0);
  return {
    received,
    accounted,
    missing: Math.max(0, received - accounted),
    effectsWaiting,
    effectsMissing: Math.max(0, effects - over - effectsWaiting),
  };
}

/** Effects that are in no queue, since they are over or wait for a person. */
export function settledOf({ done, unknown, failed, suppressed, held }: Counts): number {
  return done + unknown + failed + suppressed + held;
}

function deliveriesOf(
  before: Snapshot,
  queued: readonly QueuedDeliveries[],
  after: Snapshot,
): DeliveryAccount[] {
  const earlier = new Map(before.deliveries.map((counts) => [placeOf(counts), counts.accepted]));
  const held = new Map(queued.map((counts) => [placeOf(counts), counts]));
  return after.deliveries.map((counts) => {
    const { waiting = 0, dead = 0 } = held.get(placeOf(counts)) ?? {};
    const accepted = earlier.get(placeOf(counts)) ?? 0;
    return { ...counts, waiting, dead, missing: Math.max(0, accepted - counts.seen - waiting - dead) };
  });
}

function streamsOf(lines: readonly LineAccount[]): StreamAccount[] {
  const streams = new Map<string, StreamAccount>();
  for (const line of lines) {
    const { source, stream } = line;
    const sum = streams.get(`${source}|${stream}`);
    streams.set(`${source}|${stream}`, {
      source,
      stream,
      ...(sum === undefined ? own(line) : sumOf(sum, line)),
    });
  }
  return [...streams.values()];
}

function own({ counts, received, accounted, missing, effectsWaiting, effectsMissing }: Account): Account {
  return { counts, received, accounted, missing, effectsWaiting, effectsMissing };
}

function sumOf(a: Account, b: Account): Account {
  const counts = Object.fromEntries(
    Object.entries(a.counts).map(([name, count]) => [name, count + b.counts[name as LedgerCount]]),
  ) as Record<LedgerCount, number>;
  return {
    counts,
    received: a.received + b.received,
    accounted: a.accounted + b.accounted,
    missing: a.missing + b.missing,
    effectsWaiting: a.effectsWaiting + b.effectsWaiting,
    effectsMissing: a.effectsMissing + b.effectsMissing,
  };
}

function nameOf({ hour, source, stream }: LedgerLine): string {
  return `${hour}|${source}|${stream}`;
}

function placeOf({ hour, source }: Pick<DeliveryCounts, 'hour' | 'source'>): string {
  return `${hour}|${source}`;
}
