import { Command, Option } from 'commander';
import { CatchUpModule } from '../adobe-io/catch-up.module.js';
import { JOURNAL_KEPT_MS } from '../adobe-io/catch-up.js';
import type { AppConfig } from '../config/app-config.js';
import { ConfigModule } from '../config/config.module.js';
import type { Connections } from '../contracts/connections.js';
import { permanent } from '../contracts/failure.js';
import { JournalModule } from '../journal/journal.module.js';
import { RunWatchModule } from '../queues/run-watch.module.js';
import { connectionsOf } from './app/connections-of.js';
import { withRooms } from './app/with-rooms.js';
import { catchUpSource, type NamedSource } from './runs/catch-up-source.js';
import { type Ask, askPerson, mayActOn } from './terminal/ask.js';
import { interruption } from './terminal/interruption.js';
import { sinceOption } from './terminal/option-values.js';
import type { Terminal } from './terminal/terminal.js';

const DAY_MS = 24 * 3_600_000;

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
  readonly fromOldest?: boolean;
  readonly yes?: boolean;
}

/** Reads Adobe's journals by hand, as far back as is said. */
export function catchUpCommand(terminal: Terminal, config: () => AppConfig, ask: Ask = askPerson): Command {
  return new Command('catch-up')
    .description("read Adobe's journal again and act on what was missed")
    .option('--source <name...>', 'only these sources; every one with a journal unless given')
    .addOption(sinceOption(JOURNAL_KEPT_MS / DAY_MS))
    .addOption(new Option('--from-oldest', 'all that Adobe still has').conflicts('since'))
    .option('--yes', 'do not ask before it begins')
    .addHelpText('after', EXAMPLES)
    .action(async ({ source, since, fromOldest = false, yes = false }: CatchUpOptions) => {
      const settings = config();
      const connections = await connectionsOf(settings);
      const chosen = chooseSources(connections, source);
      const names = chosen.map(({ name }) => name).join(', ');
      if (!yes && !(await mayActOn(`what is new in the journal of ${names}`, 'Read it?', ask))) {
        terminal.complain('Nothing was read.');
        terminal.fail();
        return;
      }
      const needed = [
        ConfigModule.forRoot(settings, connections),
        CatchUpModule,
        RunWatchModule,
        JournalModule,
      ];
      await withRooms(settings, needed, async (rooms) => {
        const { signal, end } = interruption();
        const backMs = fromOldest ? undefined : since;
        try {
          for (const each of chosen)
            if (!signal.aborted) await catchUpSource(rooms, each, backMs, terminal, signal);
        } finally {
          end();
        }
      });
    });
}

function chooseSources({ sources }: Connections, wanted: readonly string[] | undefined): NamedSource[] {
  const readable = Object.entries(sources).flatMap(([name, source]) =>
    source.kind === 'adobe' && source.journal !== undefined ? [{ name, source }] : [],
  );
  const names = readable.map(({ name }) => name);
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
  return readable.filter(({ name }) => wanted === undefined || wanted.includes(name));
}
