import { Command, Option } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { Journal, type EntryKind } from '../journal/journal.js';
import { JournalModule } from '../journal/journal.module.js';
import type { StoredEntry } from '../journal/journal-entry.js';
import { OUTCOME_WORDS } from '../rules/trial/outcome-words.js';
import { type DecisionFilter, matchesDecision } from './journal/decision-filter.js';
import { oneLine, type Paint, type Terminal } from './terminal/terminal.js';
import { moment, wholeNumber } from './terminal/option-values.js';
import { withRooms } from './app/with-rooms.js';

/** What people call the books. */
const BOOKS: Readonly<Record<string, EntryKind>> = {
  decisions: 'decision',
  quarantine: 'unreadable',
  audit: 'audit',
};

interface JournalOptions extends DecisionFilter {
  readonly limit: number;
  readonly since?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
  decisions   rules whose conditions an event met, with reason and until when: fired, shadow, failed; waiting, grouped,
              deferred, undecided (Marketo could not be asked); throttled, inhibited, silenced, outside-hours, expired,
              followed, own-write, looped; held (beyond the "limit" of its rule)
  quarantine  what could not be read, with the reason
  audit       what people changed: who, from where, what

What was sent, and how it ended: signalman effects.

Examples:
  $ signalman journal decisions --rule leads/us-without-state --since 2h
  $ signalman journal decisions --outcome throttled --limit 100
  $ signalman journal quarantine --limit 5 --json`;

/** Shows what was decided, put aside and changed, newest first. Works beside a running app and without one. */
export function journalCommand(terminal: Terminal, config: () => AppConfig): Command {
  return new Command('journal')
    .description('show what was decided, put into quarantine, or changed by people')
    .argument('[book]', 'decisions, quarantine or audit')
    .option('--rule <id>', 'only decisions of this rule; leads/* for all that begin so')
    .option('--event <id>', 'only decisions on this event')
    .addOption(
      new Option('--outcome <word>', 'only decisions that ended so').choices(Object.keys(OUTCOME_WORDS)),
    )
    .option('--since <time>', 'from when on: 2h ago, or 2026-11-26T10:00Z', moment)
    .option('--limit <n>', 'how many at most', wholeNumber, 20)
    .option('--json', 'print them as JSON, with everything they hold')
    .addHelpText('after', EXAMPLES)
    .action(async (book: string | undefined, options: JournalOptions, command: Command) => {
      const kind = kindOf(book, options, command);
      await withRooms(config(), [JournalModule], async (rooms) => {
        const { since = 0 } = options;
        const matches = (entry: StoredEntry): boolean => matchesDecision(entry, options);
        const entries = await rooms
          .get(Journal, { strict: false })
          .find(kind, options.limit, { since, matches });
        if (options.json === true) terminal.print(JSON.stringify(entries, null, 2));
        else if (entries.length === 0) terminal.print(`There is nothing in ${book ?? ''}.`);
        else for (const entry of entries) terminal.print(oneLine(line(entry, terminal.paint)));
      });
    });
}

function kindOf(
  book: string | undefined,
  { rule, event, outcome }: JournalOptions,
  command: Command,
): EntryKind {
  if (book === 'effects') command.error('Effects have a command of their own: signalman effects.');
  const kind = book !== undefined && Object.hasOwn(BOOKS, book) ? BOOKS[book] : undefined;
  if (kind === undefined) {
    const wrong = book === undefined ? 'Say which book' : `There is no book "${book}"`;
    command.error(`${wrong}: ${Object.keys(BOOKS).join(', ')}.`);
  }
  if (kind !== 'decision' && (rule ?? event ?? outcome) !== undefined)
    command.error('--rule, --event and --outcome choose among decisions.');
  return kind;
}

function line(entry: StoredEntry, paint: Paint): string {
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
    case 'audit': {
      const { who, name, from, what, target, detail } = entry.audit;
      const person = name === undefined ? who : `${who} (${name})`;
      return `${at}  ${paint.bold(what)}  ${target}  by ${person} from ${from}${detail === undefined ? '' : `  (${detail})`}`;
    }
  }
}
