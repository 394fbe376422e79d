import type { StoredBatch, Unreadable } from '../contracts/batch.js';
import {
  hourOf,
  LEDGER_KEEP_SECONDS,
  ledgerHours,
  type Hour,
  type LedgerCount,
  type LedgerLine,
} from '../contracts/completeness.js';
import type { Effect } from '../contracts/effect.js';
import type { CanonicalEvent } from '../contracts/event.js';
import type { Tally } from '../contracts/tally.js';
import { deliveriesKey, field, HEARD_KEY, ledgerKey, runKey } from './completeness-keys.js';

const RUN_KEEP_SECONDS = 7 * 24 * 3_600;

/** A batch that was seen through, and what became of each piece of it. */
export interface SeenThrough {
  readonly batch: Pick<StoredBatch, 'source' | 'route' | 'mode' | 'run' | 'receivedAt' | 'lengths'>;
  /** New, and put to the rules. */
  readonly decided: readonly CanonicalEvent[];
  /** New, and kept from the rules because the batch is history. */
  readonly history: readonly CanonicalEvent[];
  /** Those that another batch had brought before. */
  readonly duplicates: readonly CanonicalEvent[];
  readonly unreadable: readonly Unreadable[];
  readonly effects: readonly Effect[];
}

type Counts = Partial<Record<LedgerCount, number>>;

/** The lines of one source; names are put together once a line, not once an event. */
class SourceLines {
  private readonly hours = new Map<Hour, Map<LedgerLine['stream'], Counts>>();

  constructor(private readonly source: string) {}

  at(hour: Hour, stream: LedgerLine['stream']): Counts {
    let streams = this.hours.get(hour);
    if (streams === undefined) this.hours.set(hour, (streams = new Map<LedgerLine['stream'], Counts>()));
    let counts = streams.get(stream);
    if (counts === undefined) streams.set(stream, (counts = {}));
    return counts;
  }

  tallies(): Tally[] {
    const tallies: Tally[] = [];
    for (const [hour, streams] of this.hours)
      for (const [stream, counts] of streams)
        for (const [count, add] of Object.entries(counts))
          tallies.push(ledgerTally({ hour, source: this.source, stream }, count as LedgerCount, add));
    return tallies;
  }
}

/** What a batch adds to the ledger when it was seen through: one tally a field. */
export function talliesOf(outcome: SeenThrough): Tally[] {
  const { source, receivedAt, lengths } = outcome.batch;
  const seen = deliveryTally(source, 'seen', receivedAt, lengths.length);
  const effects = effectTallies(outcome.effects);
  return [...lineTallies(outcome), ...effects, seen, ...heardTallies(outcome), ...runTallies(outcome)];
}

/** What the door counts of a batch that it stored. `bodies`: how many request bodies it holds. */
export function acceptedTally(source: string, receivedAt: string, bodies: number): Tally[] {
  return [deliveryTally(source, 'accepted', receivedAt, bodies)];
}

/** One change of one count on one line. */
export function ledgerTally({ hour, source, stream }: LedgerLine, count: LedgerCount, add: number): Tally {
  return {
    key: ledgerKey(hour),
    field: field(source, stream, count),
    add,
    keepSeconds: LEDGER_KEEP_SECONDS,
  };
}

/** Effects count on the lines of their events, which another batch may have brought long ago. */
export function effectTallies(effects: readonly Pick<Effect, 'origin'>[]): Tally[] {
  const sources = new Map<string, SourceLines>();
  for (const { origin } of effects) {
    const { source, hour, stream } = origin;
    const lines = sources.get(source) ?? new SourceLines(source);
    sources.set(source, lines);
    increment(lines.at(hour, stream), 'effects');
  }
  return [...sources.values()].flatMap((lines) => lines.tallies());
}

function lineTallies({ batch, unreadable, ...fates }: Omit<SeenThrough, 'effects'>): Tally[] {
  const { source, route, receivedAt } = batch;
  const lines = new SourceLines(source);
  const hourIn = ledgerHours(receivedAt);
  for (const fate of ['decided', 'history', 'duplicates'] as const)
    for (const { time, stream } of fates[fate]) {
      const counts = lines.at(hourIn(time), stream);
      increment(counts, route);
      increment(counts, fate);
      if (route === 'journal' && fate !== 'duplicates') increment(counts, 'filled');
    }
  if (unreadable.length > 0) {
    const unread = lines.at(hourOf(receivedAt), 'unread');
    increment(unread, route, unreadable.length);
    increment(unread, 'quarantined', unreadable.length);
  }
  return lines.tallies();
}

function increment(counts: Counts, count: LedgerCount, by = 1): void {
  counts[count] = (counts[count] ?? 0) + by;
}

/**
 * When each stream was heard last. A journal can be read again at any time and a file is no sign of life, so of a
 * journal the events' own times count, and nothing of a file.
 */
function heardTallies({ batch, decided, history, duplicates }: SeenThrough): Tally[] {
  const { source, route, receivedAt } = batch;
  if (route === 'import') return [];
  const heard = new Map<string, string>();
  for (const events of [decided, history, duplicates])
    for (const { time, stream } of events) {
      const at = route === 'journal' && time < receivedAt ? time : receivedAt;
      if (at > (heard.get(stream) ?? '')) heard.set(stream, at);
    }
  return [...heard].map(([stream, at]) => ({
    key: HEARD_KEY,
    field: field(source, stream),
    raiseTo: Date.parse(at),
  }));
}

function runTallies({ batch, decided, history, duplicates, unreadable }: SeenThrough): Tally[] {
  const { run } = batch;
  if (run === undefined) return [];
  const fresh = decided.length + history.length;
  const counts = {
    batches: 1,
    events: fresh + duplicates.length,
    new: fresh,
    duplicates: duplicates.length,
    quarantined: unreadable.length,
  };
  return Object.entries(counts).map(([name, add]) => ({
    key: runKey(run),
    field: name,
    add,
    keepSeconds: RUN_KEEP_SECONDS,
  }));
}

function deliveryTally(source: string, what: 'accepted' | 'seen', receivedAt: string, add: number): Tally {
  return {
    key: deliveriesKey(hourOf(receivedAt)),
    field: field(source, what),
    add,
    keepSeconds: LEDGER_KEEP_SECONDS,
  };
}
