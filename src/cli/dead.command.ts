import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { DeadLetters, type DeadLetter } from '../queues/dead-letters.js';
import { QueuesModule } from '../queues/queues.module.js';
import { counted, type Terminal } from './terminal.js';
import { withRooms } from './with-rooms.js';

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
    .option('--json', 'print them as JSON, with everything they hold')
    .action(async ({ json = false }: { json?: boolean }) => {
      await withDeadLetters(config(), async (letters) => {
        list(await letters.list(), json, terminal);
      });
    });
  dead
    .command('replay')
    .description('put dead letters back into their queue')
    .argument('[ids...]', 'ids as `dead list` shows them')
    .option('--all', 'every dead letter there is')
    .action(async (ids: string[], { all = false }: { all?: boolean }, command: Command) => {
      if (all === ids.length > 0) command.error('Name the ids of dead letters, or say --all.');
      await withDeadLetters(config(), async (letters) => {
        await replay(letters, all ? undefined : ids, terminal);
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
  for (const { id, name, failedAt, attempts, reason } of letters) {
    print(
      `${paint.bold(id)}  ${name}  ${new Date(failedAt).toISOString()}  after ${counted(attempts, 'attempt')}`,
    );
    print(`  ${reason}`);
  }
}

/** Without ids: all of them. */
async function replay(
  letters: DeadLetters,
  ids: readonly string[] | undefined,
  { print, complain, fail }: Terminal,
): Promise<void> {
  let replayed = 0;
  for await (const id of ids ?? everyId(letters)) {
    if (await letters.replay(id)) replayed += 1;
    else {
      complain(`There is no dead letter ${id}.`);
      fail();
    }
  }
  print(`${counted(replayed, 'dead letter')} put back.`);
}

/** A replayed letter may be dead again before the list is through, so each is taken once. */
async function* everyId(letters: DeadLetters): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (;;) {
    const fresh = (await letters.list()).filter(({ id }) => !seen.has(id));
    if (fresh.length === 0) return;
    for (const { id } of fresh) {
      seen.add(id);
      yield id;
    }
  }
}

async function withDeadLetters(
  config: AppConfig,
  use: (letters: DeadLetters) => Promise<void>,
): Promise<void> {
  await withRooms(config, [QueuesModule], async (rooms) => {
    await use(rooms.get(DeadLetters, { strict: false }));
  });
}
