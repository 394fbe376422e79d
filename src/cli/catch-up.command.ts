import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Command, InvalidArgumentError } from 'commander';
import { CatchUpModule } from '../adobe-io/catch-up.module.js';
import { CatchUp, type CatchUpCounts, type CatchUpWatch, JOURNAL_KEPT_MS } from '../adobe-io/catch-up.js';
import { BackfillModule } from '../backfill/backfill.module.js';
import { RunWatch } from '../backfill/run-watch.js';
import type { AppConfig } from '../config/app-config.js';
import { ConfigModule } from '../config/config.module.js';
import type { AdobeSource, Connections } from '../contracts/connections.js';
import { parseDuration } from '../contracts/duration.js';
import { permanent } from '../contracts/failure.js';
import { JournalModule } from '../journal/journal.module.js';
import { counted } from '../rules/loading/counted.js';
import { audit } from './app/audit.js';
import { type Ask, askPerson } from './terminal/ask.js';
import { connectionsOf } from './app/connections-of.js';
import { ImportProgress, whole } from './terminal/progress.js';
import { interruption } from './terminal/interruption.js';
import type { Terminal } from './terminal/terminal.js';
import { withRooms } from './app/with-rooms.js';

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
        const { signal, end } = interruption();
        const reader = { open, signal, terminal };
        try {
          for (const [name, source] of chosen)
            if (!signal.aborted) await readOne(name, source, options, reader);
        } finally {
          end();
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
  readonly open: INestApplicationContext;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

async function readOne(
  name: string,
  source: AdobeSource,
  { since, fromOldest }: CatchUpOptions,
  { open, signal, terminal }: Reader,
): Promise<void> {
  const run = `catch-up-${randomUUID()}`;
  const backMs = fromOldest ? JOURNAL_KEPT_MS : since;
  const from = Date.now() - backMs;
  const detail = `since ${new Date(from).toISOString()}, run ${run}`;
  await audit(open, { what: 'catch-up', target: name, detail });
  // By the times of the events: how many there are, nobody knows before the end.
  const progress = new ImportProgress(terminal, backMs);
  const onPage: CatchUpWatch['onPage'] = ({ events }, { newest }) => {
    const done = Math.min(Math.max((newest ?? from) - from, 0), backMs);
    progress.show(done, `${name}: ${whole(events)} events read`);
  };
  const order = { name, source, run, ...(fromOldest ? {} : { backMs }) };
  const counts = await open
    .get(CatchUp, { strict: false })
    .read(order, { signal, onPage })
    .finally(() => {
      progress.stop();
    });
  const outcome = signal.aborted
    ? undefined
    : await outcomeOf(open.get(RunWatch, { strict: false }), run, counts, signal);
  if (outcome !== undefined) terminal.print(`${name}: ${outcome}`);
  else {
    const stored = counted(counts.events, 'event');
    terminal.complain(
      `Stopped. Of ${name} ${stored} were read and will be seen through; the rest was not read.`,
    );
    terminal.fail();
  }
}

/** One line for a person; undefined when it was told to end before there was one. */
async function outcomeOf(
  watch: RunWatch,
  run: string,
  { events, batches }: CatchUpCounts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const found = `${whole(events)} ${events === 1 ? 'event' : 'events'} in the journal`;
  if (batches === 0) return found;
  const end = await watch
    .untilSeen(run, batches, () => undefined, signal)
    .catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
  if (end === undefined) return undefined;
  if (end !== 'done') {
    const why = end === 'no-worker' ? 'no worker runs now' : 'the worker is not through with it yet';
    return `${found}; ${why}, so what is new will be acted on later`;
  }
  const { duplicates, new: fresh, quarantined } = await watch.counts(run);
  const unread = quarantined === 0 ? '' : `, ${whole(quarantined)} put into quarantine`;
  return `${found}: ${whole(duplicates)} known already, ${whole(fresh)} new${unread}`;
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
