import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { counted } from '../contracts/counted.js';
import { LedgerModule } from '../delivery/ledger.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { DeadLetters } from '../queues/dead-letters.js';
import { QueuesModule } from '../queues/queues.module.js';
import { audit } from './app/audit.js';
import { filterSlips } from './app/filter-slips.js';
import { withRooms } from './app/with-rooms.js';
import { filterOf, type FilterOptions, withFilters } from './dead/filter-options.js';
import { printLetters } from './dead/letter-lines.js';
import { type Ask, askPerson, confirm } from './terminal/ask.js';
import { wholeNumber } from './terminal/option-values.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
Examples:
  $ signalman dead list --to crm --since 6h
  $ signalman dead replay e5a01c22f0f14d5a9b0c1d2e3f405162
  $ signalman dead replay --to crm --reason http.503 --dry-run
  $ signalman dead replay --all --yes`;

interface ListOptions extends FilterOptions {
  readonly limit: number;
  readonly json?: boolean;
}

interface ReplayOptions extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Looks at what was given up, and sends it again. Works beside a running app and without one. */
export function deadCommand(terminal: Terminal, config: () => AppConfig, ask: Ask = askPerson): Command {
  const dead = new Command('dead')
    .description('list what was given up, or send it again')
    .addHelpText('after', EXAMPLES);
  const list = dead.command('list').description('list the dead letters, newest first');
  withFilters(list)
    .option('--limit <n>', 'how many batches and how many effects at most', wholeNumber, 100)
    .option('--json', 'print them as JSON, with everything they hold')
    .action(async (options: ListOptions) => {
      await withDeadLetters(config(), async (letters, rooms) => {
        const found = await printList(letters, options, terminal);
        if (!found) await complainOfSlips(options, rooms, config(), terminal);
      });
    });
  const replay = dead.command('replay').description('put dead letters back into their queue');
  withFilters(replay.argument('[ids...]', 'ids as `dead list` shows them'))
    .option('--all', 'every dead letter there is')
    .option('--dry-run', 'only say how many it would be')
    .option('--yes', 'do not ask')
    .action(async (ids: string[], { all = false, ...options }: ReplayOptions, command: Command) => {
      const isFiltered = Object.keys(filterOf(options)).length > 0;
      if ([all, isFiltered, ids.length > 0].filter(Boolean).length !== 1)
        command.error('Name the ids of dead letters, or say which ones with --to, --rule …, or say --all.');
      await withDeadLetters(config(), async (letters, rooms) => {
        const order = { letters, rooms, named: ids.length > 0 };
        const chosen = order.named ? ids : await letters.ids(filterOf(options));
        if (chosen.length === 0) await complainOfSlips(options, rooms, config(), terminal);
        if (options.dryRun === true)
          terminal.print(`${counted(chosen.length, 'dead letter')} would be put back.`);
        else if (order.named || options.yes === true || (await mayReplay(chosen.length, ask)))
          await putBack(chosen, order, terminal);
        else terminal.print('Nothing was put back.');
      });
    });
  return dead;
}

/** True when there were any. */
async function printList(letters: DeadLetters, options: ListOptions, terminal: Terminal): Promise<boolean> {
  const filter = filterOf(options);
  const listed = await letters.list(options.limit, filter);
  if (options.json === true) terminal.print(JSON.stringify(listed, null, 2));
  else if (listed.length > 0) printLetters(listed, terminal);
  else terminal.print(`There are no ${Object.keys(filter).length > 0 ? 'such ' : ''}dead letters.`);
  const more = (await letters.ids(filter)).length - listed.length;
  if (more > 0) terminal.complain(`There are ${more} more: --limit shows more of them.`);
  return listed.length > 0;
}

async function complainOfSlips(
  options: FilterOptions,
  rooms: INestApplicationContext,
  config: AppConfig,
  { complain }: Terminal,
): Promise<void> {
  for (const slip of await filterSlips(options, rooms, config)) complain(slip);
}

async function mayReplay(count: number, ask: Ask): Promise<boolean> {
  if (count === 0) return true;
  return await confirm(`Put ${counted(count, 'dead letter')} back, to be done again?`, ask);
}

/** Those that there were at the beginning, so that none is taken twice when it dies again on the way. */
async function putBack(
  ids: readonly string[],
  { letters, rooms, named }: { letters: DeadLetters; rooms: INestApplicationContext; named: boolean },
  { print, complain, fail }: Terminal,
): Promise<void> {
  let count = 0;
  for (const id of ids) {
    const note = (): Promise<void> => audit(rooms, { what: 'dead.replayed', target: id });
    if (await letters.replay(id, note)) count += 1;
    else if (named) {
      // One that was not named and is gone by now was put back by somebody else.
      complain(`There is no dead letter ${id}.`);
      fail();
    }
  }
  print(`${counted(count, 'dead letter')} put back.`);
}

async function withDeadLetters(
  config: AppConfig,
  use: (letters: DeadLetters, rooms: INestApplicationContext) => Promise<void>,
): Promise<void> {
  await withRooms(config, [QueuesModule, LedgerModule, JournalModule], async (rooms) => {
    await use(rooms.get(DeadLetters, { strict: false }), rooms);
  });
}
