import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { BackfillModule } from '../backfill/backfill.module.js';
import { openImportFile } from '../backfill/import-file.js';
import type { ImportOrder } from '../backfill/import-order.js';
import { countRows } from '../backfill/importer.js';
import { Input } from '../backfill/input.js';
import type { AppConfig } from '../config/app-config.js';
import { ConfigModule } from '../config/config.module.js';
import { type Mode, MODES } from '../contracts/batch.js';
import type { Connections, SourceConnection } from '../contracts/connections.js';
import { counted } from '../contracts/counted.js';
import { permanent } from '../contracts/failure.js';
import { MUNCHKIN_ID, namesInstance } from '../contracts/munchkin-id.js';
import { RunWatchModule } from '../queues/run-watch.module.js';
import { readBatch } from '../ingest/read-batch.js';
import { type Ask, askPerson, mayActOn } from './terminal/ask.js';
import { connectionsOf } from './app/connections-of.js';
import { importFiles } from './runs/import-files.js';
import type { Terminal } from './terminal/terminal.js';
import { withRooms } from './app/with-rooms.js';

const EXAMPLES = `
Files, packed with gzip or not; - is standard input:
  CSV     Marketo's bulk activity export, with its header row and default columns
  NDJSON  one event a line: an item of Adobe I/O or of its journal, an activity of Marketo's REST API or direct push,
          a CloudEvent

As history, which is the default, events are remembered and counted and no rule acts on them. As live, rules decide them
as if they had come through the door, and actions follow.

Every event is recognised by its id, so a file can be imported twice, and after Ctrl-C or a crash the same command again
does the rest. An activity of an export is known by its marketoGUID, which Adobe's documentation gives as the id of the
same activity in the stream. Samples of exports show shorter ids than samples of the stream, so it is not certain that
they are equal in your instance: import a day that the stream brought too, and see how many were known.

Examples:
  $ signalman import export.csv.gz --source marketo-io --munchkin-id 123-ABC-456
  $ signalman import missed.ndjson --source marketo-io --as live`;

interface ImportOptions {
  readonly source: string;
  readonly as: Mode;
  readonly munchkinId?: string;
  readonly yes?: boolean;
}

/** Takes in events from files. Works beside a running app and without one. */
export function importCommand(terminal: Terminal, config: () => AppConfig, ask: Ask = askPerson): Command {
  return new Command('import')
    .description('take in events from files, as history or as if they came now')
    .argument('<files...>', "Marketo's bulk activity exports or NDJSON; - for standard input")
    .requiredOption('--source <name>', 'the source of the connections file that they belong to (required)')
    .addOption(new Option('--as <mode>', 'what they are').choices(MODES).default('history'))
    .option('--munchkin-id <id>', 'the Marketo instance of activities that do not say it', munchkinId)
    .option('--yes', 'do not ask before importing as live')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: ImportOptions) => {
      const connections = await connectionsOf(config());
      const order = orderOf(options, connections);
      const inputs: Input[] = [];
      for (const path of paths) inputs.push(await Input.of(path));
      await tryEach(inputs, order, terminal);
      if (options.as === 'live' && options.yes !== true && !(await confirmed(inputs, order, ask))) {
        terminal.complain('Nothing was imported.');
        terminal.fail();
        return;
      }
      const needed = [ConfigModule.forRoot(config(), connections), BackfillModule, RunWatchModule];
      await withRooms(config(), needed, async (rooms) => {
        await importFiles(rooms, inputs, order, terminal);
      });
    });
}

/** In capitals, as the streams name it: it is part of the identity of every activity. */
function munchkinId(text: string): string {
  if (!MUNCHKIN_ID.test(text)) throw new InvalidArgumentError('Give the Munchkin id, such as 123-ABC-456.');
  return text.toUpperCase();
}

function orderOf(options: ImportOptions, { sources }: Connections): ImportOrder {
  const { source: name, as: mode, munchkinId: instance } = options;
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source === undefined) {
    const names = Object.keys(sources).join(', ');
    throw permanent('import.source', `There is no source ${name} in the connections file. It has ${names}.`);
  }
  refuseForeign(name, source, instance);
  return {
    target: { name, source },
    mode,
    run: `import-${randomBytes(6).toString('hex')}`,
    munchkinId: instance,
    unreadable: (batch) => readBatch(batch, source).unreadable,
  };
}

function refuseForeign(name: string, source: SourceConnection, instance: string | undefined): void {
  if (instance === undefined || !('munchkinIds' in source)) return;
  if (namesInstance(source.munchkinIds, instance)) return;
  const own = source.munchkinIds.join(', ');
  throw permanent(
    'import.munchkin_id',
    `The source ${name} does not speak for ${instance}, only for ${own}.`,
  );
}

/** Before anything is stored, every file is known to be one. Standard input can be looked at only once. */
async function tryEach(inputs: readonly Input[], order: ImportOrder, { complain }: Terminal): Promise<void> {
  for (const input of inputs.filter(({ isRegular }) => isRegular)) {
    const { ignored, close } = await openImportFile(input, order.target, order.munchkinId);
    await close();
    if (ignored.length > 0)
      complain(`${input.name}: nothing is kept of ${ignored.join(', ')}, which the streams do not have.`);
  }
}

async function confirmed(inputs: readonly Input[], order: ImportOrder, ask: Ask): Promise<boolean> {
  let rows = 0;
  for (const input of inputs) {
    if (!input.isRegular)
      throw permanent(
        'import.ask',
        `Say --yes: ${input.name} can be read only once, so it cannot be counted.`,
      );
    rows += (await countRows(input, order)).rows;
  }
  return await mayActOn(`${counted(rows, 'row')} as if they came now`, 'Import them?', ask);
}
