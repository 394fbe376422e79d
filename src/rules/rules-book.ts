import { Injectable, Logger } from '@nestjs/common';
import type { Decision } from '../contracts/decision.js';
import { Journal } from '../journal/journal.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import { Metrics } from '../observability/metrics.js';
import { SeldomLog } from '../observability/seldom-log.js';
import type { Contents } from './batches.js';
import type { Judgement } from './judge.js';

/** Writes down what a batch came to: in the journal for people, in the metrics for machines. */
@Injectable()
export class RulesBook {
  private readonly seldom = new SeldomLog(new Logger(RulesBook.name));

  constructor(
    private readonly journal: Journal,
    private readonly metrics: Metrics,
  ) {}

  async record(contents: Contents, { decisions }: Judgement): Promise<void> {
    await this.append(
      contents.unreadable.map((unreadable) => ({ kind: 'unreadable' as const, unreadable })),
      decisions,
    );
    this.count(contents);
  }

  /** Decisions that came of something that had waited. */
  async recordDecisions(decisions: readonly Decision[]): Promise<void> {
    await this.append([], decisions);
  }

  private async append(others: readonly JournalEntry[], decisions: readonly Decision[]): Promise<void> {
    const entries = decisions.map((decision) => ({ kind: 'decision' as const, decision }));
    const isNew = (await this.journal.append([...others, ...entries])).slice(others.length);
    for (const [index, decision] of decisions.entries()) {
      const { ruleId: rule, outcome } = decision;
      this.metrics.decisions.inc({ rule, outcome: isNew[index] === true ? outcome : 'repeated' });
      if (outcome === 'failed') this.tellFailed(decision);
    }
  }

  /** The rule should have acted and did nothing: a person has to know. */
  private tellFailed({ ruleId: rule, eventId, reason }: Decision): void {
    this.seldom.warn(rule, { event: 'decision.failed', rule, eventId, reason });
  }

  private count({ fresh, history, duplicates, unreadable: refused }: Contents): void {
    const { events, unreadable, oddities } = this.metrics;
    for (const [outcome, some] of Object.entries({ decided: fresh, history, duplicate: duplicates }))
      for (const [stream, count] of tally(some, (event) => event.stream))
        events.inc({ stream, outcome }, count);
    for (const { source } of refused) unreadable.inc({ source });
    const odd = fresh.flatMap((event) => event.oddities);
    for (const [oddity, count] of tally(odd, (oddity) => oddity)) oddities.inc({ oddity }, count);
  }
}

/** One call a stream and batch instead of one an event: a labelled counter costs more than deciding does. */
function tally<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
