import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { CatchUpModule } from '../adobe-io/catch-up.module.js';
import { CatchUp, type CatchUpCounts, JOURNAL_KEPT_MS } from '../adobe-io/catch-up.js';
import { BackfillModule } from '../backfill/backfill.module.js';
import { RunWatch } from '../backfill/run-watch.js';
import type { AppConfig } from '../config/app-config.js';
import { ConfigModule } from '../config/config.module.js';
import type { AdobeSource, Connections } from '../contracts/connections.js';
import { parseDuration } from '../contracts/duration.js';
import { permanent } from '../contracts/failure.js';
import { JournalModule } from '../journal/journal.module.js';
import { counted } from '../rules/loading/counted.js';
import { audit } from './audit.js';
import { CatchUpProgress } from './catch-up-progress.js';
import { type Ask, askPerson } from './ask.js';
import { connectionsOf } from './connections-of.js';
import { interruption } from './interruption.js';
import type { Terminal } from './terminal.js';
import { withRooms } from './with-rooms.js';

const EXAMPLES = `
Adobe keeps the journal of a registration for seven days: everything that it subscribes to, delivered or not. What is
known already is recognised and left alone; what is new is decided and acted on like a delivery. The app may run or not;
what it reads all the time by itself goes on undisturbed.

Examples:
  $ signalman catch-up
  $ signalman catch-up --source marketo-io --since 6h --yes
  $ signalman catch-up --from-oldest`;

interface CatchUpOptions {
  readonly source?: readonly string[];
  readonly since: number;
  readonly fromOldest: boolean;
  readonly yes: boolean;
}

/** Reads Adobe's journals by hand, as far back as is said. */
export function catchUpCommand(terminal: Terminal, config: () => AppConfig, ask: Ask = askPerson): Command {
  return new Command('catch-up')
    .description("read Adobe's journal again and act on what was missed")
    .option('--source <name...>', 'only these sources; every one with a journal unless given')
    .option('--since <duration>', 'how far back, such as 90m, 6h or 7d', readSince, 24 * 3_600_000)
    .option('--from-oldest', 'all that Adobe still has', false)
    .option('--yes', 'do not ask before it begins', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: CatchUpOptions) => {
      const settings = config();
      const connections = await connectionsOf(settings);
      const chosen = chooseSources(connections, options.source);
      const names = chosen.map(([name]) => name).join(', ');
      if (!options.yes && !(await mayBegin(names, ask))) {
        terminal.complain('Nothing was read.');
        terminal.fail();
        return;
      }
      const rooms = [
        ConfigModule.forRoot(settings, connections),
        CatchUpModule,
        BackfillModule,
        JournalModule,
      ];
      await withRooms(settings, rooms, async (open) => {
        const interrupt = interruption();
        try {
          for (const [name, source] of chosen) {
            const run = `catch-up-${randomUUID()}`;
            const reader = {
              catchUp: open.get(CatchUp, { strict: false }),
              signal: interrupt.signal,
              terminal,
            };
            const counts = await readOne(name, source, run, options, reader);
            const detail = `${counted(counts.events, 'event')} read, run ${run}`;
            await audit(open, { what: 'catch-up', target: name, detail });
            await tellOutcome(open.get(RunWatch, { strict: false }), run, counts, reader);
          }
        } finally {
          interrupt.end();
        }
      });
    });
}

async function mayBegin(names: string, ask: Ask): Promise<boolean> {
  const answer = await ask(`Rules will act on what is new in the journal of ${names}. Read it? [y/N] `);
  if (answer === undefined)
    throw permanent('catch_up.ask', 'Say --yes: rules will act on what is new, and nobody is here to ask.');
  return answer;
}

interface Reader {
  readonly catchUp: CatchUp;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

async function readOne(
  name: string,
  source: AdobeSource,
  run: string,
  { since, fromOldest }: CatchUpOptions,
  { catchUp, signal, terminal }: Reader,
): Promise<CatchUpCounts> {
  const now = Date.now();
  const progress = new CatchUpProgress(name, fromOldest ? undefined : now - since, now, terminal);
  try {
    return await catchUp.read(
      { name, source, run, ...(fromOldest ? {} : { backMs: since }) },
      {
        signal,
        onPage: (counts, page) => {
          progress.show(counts.events, page);
        },
      },
    );
  } finally {
    progress.end();
  }
}

async function tellOutcome(
  watch: RunWatch,
  run: string,
  { events, batches }: CatchUpCounts,
  { signal, terminal }: Reader,
): Promise<void> {
  if (signal.aborted) terminal.complain('Stopped. What was read before is stored and will be seen through.');
  const found = `${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'} in the journal`;
  if (batches === 0) {
    terminal.print(`${found}.`);
    return;
  }
  const end = await watch.untilSeen(run, batches, () => undefined, signal).catch(() => 'stuck' as const);
  const counts = await watch.counts(run);
  if (end !== 'done') {
    const why = end === 'no-worker' ? 'No worker runs now' : 'The worker is not through with it yet';
    terminal.print(`${found}. ${why}: what is new will be acted on when it gets to it.`);
    return;
  }
  const unread = counts.quarantined === 0 ? '' : `, ${counts.quarantined} put into quarantine`;
  const [known, fresh] = [counts.duplicates, counts.new].map((count) => count.toLocaleString('en'));
  terminal.print(`${found}: ${known} known already, ${fresh} new${unread}`);
}

function chooseSources(
  { sources }: Connections,
  wanted: readonly string[] | undefined,
): (readonly [string, AdobeSource])[] {
  const readable = Object.entries(sources).flatMap(([name, source]) =>
    source.kind === 'adobe' && source.journal !== undefined ? [[name, source] as const] : [],
  );
  const names = readable.map(([name]) => name);
  const missing = wanted?.find((name) => !names.includes(name));
  if (missing !== undefined) {
    const there = names.length === 0 ? 'None has one.' : `There are ${names.join(', ')}.`;
    throw permanent('catch_up.source', `No source ${missing} has a journal. ${there}`);
  }
  if (readable.length === 0)
    throw permanent(
      'catch_up.source',
      'No source has a journal: give one "ims" and "journal" in the connections file.',
    );
  return readable.filter(([name]) => wanted === undefined || wanted.includes(name));
}

function readSince(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms === 0) throw new InvalidArgumentError('Give a duration such as 90m, 6h or 7d.');
  if (ms > JOURNAL_KEPT_MS)
    throw new InvalidArgumentError('Adobe keeps a journal for seven days: give 7d at most.');
  return ms;
}
