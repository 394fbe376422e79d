import type { Type } from '@nestjs/common';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { Journal, type EntryKind } from '../journal/journal.js';
import { JournalModule } from '../journal/journal.module.js';
import type { StoredEntry } from '../journal/journal-entry.js';
import { LedgerModule } from '../delivery/ledger.module.js';
import { QueuesModule } from '../queues/queues.module.js';
import { listRetrying, type Retrying } from './journal/retrying.js';
import type { Paint, Terminal } from './terminal/terminal.js';
import { wholeNumber } from './terminal/option-values.js';
import { withRooms } from './app/with-rooms.js';

/** What people call the books. */
const BOOKS: Readonly<Record<string, EntryKind>> = {
  decisions: 'decision',
  effects: 'effect',
  quarantine: 'unreadable',
  audit: 'audit',
};

/** Opening the queues costs time that only one of the books needs. */
const ROOMS: Readonly<Record<EntryKind, Type[]>> = {
  decision: [JournalModule],
  effect: [JournalModule, LedgerModule, QueuesModule],
  unreadable: [JournalModule],
  audit: [JournalModule],
};

interface JournalOptions {
  readonly limit: number;
  readonly json?: boolean;
}

const EXAMPLES = `
  decisions   rules whose conditions an event met, with reason and until when: fired, shadow, failed; waiting, grouped,
              deferred, undecided (Marketo could not be asked); throttled, inhibited, silenced, outside-hours, expired,
              followed
  effects     what was sent, and how it ended; before it what waits for its next try
  quarantine  what could not be read, with the reason
  audit       what people changed: who, from where, what

Examples:
  $ signalman journal decisions
  $ signalman journal quarantine --limit 5 --json`;

/** Shows what was decided, done, put aside and changed, newest first. Works beside a running app and without one. */
export function journalCommand(terminal: Terminal, config: () => AppConfig): Command {
  return new Command('journal')
    .description('show what was decided, done, put into quarantine, or changed by people')
    .argument('[book]', 'decisions, effects, quarantine or audit')
    .option('--limit <n>', 'how many at most', wholeNumber, 20)
    .option('--json', 'print them as JSON, with everything they hold')
    .addHelpText('after', EXAMPLES)
    .action(async (book: string | undefined, options: JournalOptions, command: Command) => {
      const kind = book !== undefined && Object.hasOwn(BOOKS, book) ? BOOKS[book] : undefined;
      if (book === undefined || kind === undefined) {
        const wrong = book === undefined ? 'Say which book' : `There is no book "${book}"`;
        command.error(`${wrong}: ${Object.keys(BOOKS).join(', ')}.`);
      }
      await withRooms(config(), ROOMS[kind], async (rooms) => {
        const { limit } = options;
        const { retrying, more } =
          kind === 'effect' ? await listRetrying(rooms, limit) : { retrying: [], more: 0 };
        const entries = [...retrying, ...(await rooms.get(Journal, { strict: false }).latest(kind, limit))];
        if (options.json === true) terminal.print(JSON.stringify(entries, null, 2));
        else if (entries.length === 0) terminal.print(`There is nothing in ${book}.`);
        else for (const entry of entries) terminal.print(oneLine(line(entry, terminal.paint)));
        if (more > 0) terminal.complain(`${more} more wait for their next try: --limit shows more of them.`);
      });
    });
}

/** Ids come from senders: none may pass for an entry of its own. */
function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}

function line(entry: StoredEntry | Retrying, paint: Paint): string {
  if (entry.kind === 'retrying') return retryLine(entry, paint);
  const at = paint.dim(new Date(Number(entry.position.split('-')[0])).toISOString());
  switch (entry.kind) {
    case 'unreadable': {
      const { source, at: place, reason } = entry.unreadable;
      return `${at}  ${source}  at ${place}: ${reason}`;
    }
    case 'decision': {
      const { outcome, ruleId, eventId, reason, until } = entry.decision;
      const why = [reason, until === undefined ? undefined : `until ${until}`].filter(
        (part) => part !== undefined,
      );
      return `${at}  ${paint.bold(outcome)}  ${ruleId}  ${eventId}${why.length > 0 ? `  (${why.join(', ')})` : ''}`;
    }
    case 'effect': {
      const { effect, outcome, receipt, reason } = entry.record;
      const word = outcome === 'done' ? paint.green(outcome) : paint.red(outcome);
      return `${at}  ${word}  ${effect.type} → ${effect.to}  ${effect.ruleId}  ${reason ?? receipt?.summary ?? ''}`;
    }
    case 'audit': {
      const { who, name, from, what, target, detail } = entry.audit;
      const person = name === undefined ? who : `${who} (${name})`;
      return `${at}  ${paint.bold(what)}  ${target}  by ${person} from ${from}${detail === undefined ? '' : `  (${detail})`}`;
    }
  }
}

function retryLine(
  { effect, nextTry, attempts, reason = 'it did not report' }: Retrying,
  paint: Paint,
): string {
  const at = paint.dim(new Date(nextTry).toISOString());
  const past = attempts === 0 ? 'not attempted yet' : `after attempt ${attempts}: ${reason}`;
  return `${at}  ${paint.yellow('next try')}  ${effect.type} → ${effect.to}  ${effect.ruleId}  ${past}`;
}
