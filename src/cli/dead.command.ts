import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { JournalModule } from '../journal/journal.module.js';
import { DeadLetters, type DeadLetter } from '../queues/dead-letters.js';
import { QueuesModule } from '../queues/queues.module.js';
import { counted } from '../contracts/counted.js';
import { audit } from './app/audit.js';
import type { Terminal } from './terminal/terminal.js';
import { wholeNumber } from './terminal/option-values.js';
import { withRooms } from './app/with-rooms.js';

const EXAMPLES = `
Examples:
  $ signalman dead list
  $ signalman dead replay e5a01c22f0f14d5a9b0c1d2e3f405162
  $ signalman dead replay --all`;

/** Looks at what was given up, and sends it again. Works beside a running app and without one. */
export function deadCommand(terminal: Terminal, config: () => AppConfig): Command {
  const dead = new Command('dead')
    .description('list what was given up, or send it again')
    .addHelpText('after', EXAMPLES);
  dead
    .command('list')
    .description('list the dead letters, newest first')
    .option('--limit <n>', 'how many of each queue at most', wholeNumber, 100)
    .option('--json', 'print them as JSON, with everything they hold')
    .action(async ({ limit, json = false }: { limit: number; json?: boolean }) => {
      await withDeadLetters(config(), async (letters) => {
        const listed = await letters.list(limit);
        list(listed, json, terminal);
        const { events, actions } = await letters.count();
        const unlisted = events + actions - listed.length;
        if (unlisted > 0) terminal.complain(`There are ${unlisted} more: --limit shows more of them.`);
      });
    });
  dead
    .command('replay')
    .description('put dead letters back into their queue')
    .argument('[ids...]', 'ids as `dead list` shows them')
    .option('--all', 'every dead letter there is')
    .action(async (ids: string[], { all = false }: { all?: boolean }, command: Command) => {
      if (all === ids.length > 0) command.error('Name the ids of dead letters, or say --all.');
      await withDeadLetters(config(), async (letters, rooms) => {
        const replayed = (target: string): Promise<void> => audit(rooms, { what: 'dead.replayed', target });
        await replay({ letters, replayed }, all ? undefined : ids, terminal);
      });
    });
  return dead;
}

function list(letters: readonly DeadLetter[], json: boolean, { print, paint }: Terminal): void {
  if (json) {
    print(JSON.stringify(letters, null, 2));
    return;
  }
  if (letters.length === 0) print('There are no dead letters.');
  for (const letter of letters) {
    const { id, failedAt, attempts, reason } = letter;
    const at = new Date(failedAt).toISOString();
    print(`${paint.bold(id)}  ${subject(letter)}  ${at}  after ${counted(attempts, 'attempt')}`);
    print(`  ${reason}`);
  }
}

/** What stands still until it is put back: a batch by its source, an effect by its destination and its rule. */
function subject({ name, data }: DeadLetter): string {
  const { source, to, ruleId } = data as Partial<Record<'source' | 'to' | 'ruleId', string>>;
  const from = source === undefined ? '' : ` from ${source}`;
  return `${name}${from}${to === undefined ? '' : ` → ${to}`}${ruleId === undefined ? '' : `  ${ruleId}`}`;
}

/** Without ids: all that there are at the beginning, so that none is taken twice when it dies again on the way. */
async function replay(
  { letters, replayed }: { letters: DeadLetters; replayed: (id: string) => Promise<void> },
  ids: readonly string[] | undefined,
  { print, complain, fail }: Terminal,
): Promise<void> {
  let count = 0;
  for (const id of ids ?? (await letters.ids())) {
    if (await letters.replay(id)) {
      await replayed(id);
      count += 1;
    } else if (ids !== undefined) {
      // One of all that is gone by now was put back by somebody else.
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
  await withRooms(config, [QueuesModule, JournalModule], async (rooms) => {
    await use(rooms.get(DeadLetters, { strict: false }), rooms);
  });
}
