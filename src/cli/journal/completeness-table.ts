import { whole } from '../../contracts/counted.js';
import type { Account, LineAccount, StreamAccount } from '../../journal/completeness-report.js';
import { aligned } from '../terminal/table.js';

type Row = StreamAccount | LineAccount;

/** Those of which nothing was counted are left out, but for the ones that are always asked for. */
const NUMBERS: readonly {
  readonly title: string;
  readonly always?: true;
  readonly of: (account: Account) => number;
}[] = [
  { title: 'received', always: true, of: ({ received }) => received },
  { title: 'webhook', of: ({ counts }) => counts.webhook },
  { title: 'journal', of: ({ counts }) => counts.journal },
  { title: 'filled', of: ({ counts }) => (counts.webhook > 0 ? counts.filled : 0) },
  { title: 'import', of: ({ counts }) => counts.import },
  { title: 'engine', of: ({ counts }) => counts.engine },
  { title: 'decided', always: true, of: ({ counts }) => counts.decided },
  { title: 'history', of: ({ counts }) => counts.history },
  { title: 'duplicate', of: ({ counts }) => counts.duplicates },
  { title: 'quarantine', of: ({ counts }) => counts.quarantined },
  { title: 'missing', always: true, of: ({ missing }) => missing },
  { title: 'effects', always: true, of: ({ counts }) => counts.effects },
  { title: 'done', always: true, of: ({ counts }) => counts.done },
  { title: 'waiting', of: ({ effectsWaiting }) => effectsWaiting },
  { title: 'held', of: ({ counts }) => counts.held },
  { title: 'suppressed', of: ({ counts }) => counts.suppressed },
  { title: 'failed', of: ({ counts }) => counts.failed },
  { title: 'unknown', of: ({ counts }) => counts.unknown },
  { title: 'lost', of: ({ effectsMissing }) => effectsMissing },
];

/** The lines of a table, its title first: the hour where rows have one, source, stream, numbers. */
export function completenessTable(rows: readonly Row[]): string[] {
  const numbers = NUMBERS.filter(({ always, of }) => always === true || rows.some((row) => of(row) > 0));
  const hours = rows.some((row) => 'hour' in row) ? ['hour'] : [];
  const cells = rows.map((row) => [
    ...('hour' in row ? [row.hour] : []),
    row.source,
    row.stream,
    ...numbers.map(({ of }) => whole(of(row))),
  ]);
  const words = [...hours, 'source', 'stream'];
  return aligned([[...words, ...numbers.map(({ title }) => title)], ...cells], words.length);
}
