import { Injectable } from '@nestjs/common';
import { Journal } from '../journal/journal.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import { Metrics } from '../observability/metrics.js';
import type { Judgement } from './judge.js';

/** Writes down what a batch came to: in the journal for people, in the metrics for machines. */
@Injectable()
export class RulesBook {
  constructor(
    private readonly journal: Journal,
    private readonly metrics: Metrics,
  ) {}

  async record(judgement: Judgement): Promise<void> {
    const entries: JournalEntry[] = [
      ...judgement.unreadable.map((unreadable) => ({ kind: 'unreadable' as const, unreadable })),
      ...judgement.decisions.map((decision) => ({ kind: 'decision' as const, decision })),
    ];
    const appended = await this.journal.append(entries);
    this.count(judgement, appended.slice(judgement.unreadable.length));
  }

  private count(judgement: Judgement, isNew: readonly boolean[]): void {
    const { events, unreadable, oddities, decisions: decided } = this.metrics;
    for (const [stream, count] of tally(judgement.events, (event) => event.stream))
      events.inc({ stream }, count);
    for (const { source } of judgement.unreadable) unreadable.inc({ source });
    const odd = judgement.events.flatMap((event) => event.oddities);
    for (const [oddity, count] of tally(odd, (oddity) => oddity)) oddities.inc({ oddity }, count);
    for (const [index, { ruleId: rule, outcome }] of judgement.decisions.entries())
      decided.inc({ rule, outcome: isNew[index] === true ? outcome : 'repeated' });
  }
}

/** One call a stream and batch instead of one an event: a labelled counter costs more than deciding does. */
function tally<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
