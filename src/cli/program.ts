import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { installPlugins } from '../actions/install-plugins.js';
import type { AppConfig } from '../config/app-config.js';
import { Failure } from '../contracts/failure.js';
import { catchUpCommand } from './catch-up.command.js';
import { checkCommand } from './check.command.js';
import { completenessCommand } from './completeness.command.js';
import { deadCommand } from './dead.command.js';
import { effectsCommand } from './effects.command.js';
import { eraseLeadCommand } from './erase-lead.command.js';
import { explainCommand } from './explain.command.js';
import { heldCommand } from './held.command.js';
import { importCommand } from './import.command.js';
import { journalCommand } from './journal.command.js';
import { keysCommand } from './keys.command.js';
import { pluginCommand } from './plugin.command.js';
import { lanesCommand } from './lanes.command.js';
import { schemaCommand } from './schema.command.js';
import { sendCommand } from './send.command.js';
import { silenceCommand } from './silence.command.js';
import type { Terminal } from './terminal/terminal.js';
import { testCommand } from './test.command.js';
import { undoCommand } from './undo.command.js';

const PLACE = `
It reads the same variables as the app: PORT, REDIS_URL, SIGNALMAN_…
In a checkout it is called as: npx signalman <command>`;

/** Runs one command line, without the words `node signalman`. Never throws for what people can do wrong. */
export async function runCli(
  args: readonly string[],
  terminal: Terminal,
  config: () => AppConfig,
): Promise<void> {
  const program = new Command('signalman')
    .description('Works on the rules, brings events in, and says what became of each.')
    .version(ownVersion())
    .addHelpText('after', PLACE);
  program
    .commandsGroup('Rules:')
    .addCommand(checkCommand(terminal, config))
    .addCommand(testCommand(terminal, config))
    .addCommand(explainCommand(terminal, config))
    .addCommand(schemaCommand(terminal))
    .addCommand(silenceCommand(terminal, config))
    .commandsGroup('Bring events in:')
    .addCommand(sendCommand(terminal, config))
    .addCommand(catchUpCommand(terminal, config))
    .addCommand(importCommand(terminal, config))
    .commandsGroup('What became of them:')
    .addCommand(completenessCommand(terminal, config))
    .addCommand(journalCommand(terminal, config))
    .addCommand(effectsCommand(terminal, config))
    .addCommand(deadCommand(terminal, config))
    .addCommand(heldCommand(terminal, config))
    .addCommand(undoCommand(terminal, config))
    .addCommand(lanesCommand(terminal, config))
    .addCommand(eraseLeadCommand(terminal, config))
    .commandsGroup('Plug-ins:')
    .addCommand(pluginCommand(terminal))
    .commandsGroup('Access:')
    .addCommand(keysCommand(terminal, config));
  program.hook('preAction', async (_program, command) => {
    // What is checked may be what cannot be loaded.
    if (command.parent?.name() !== 'plugin') await installPlugins(config().plugins, process.cwd());
  });
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ]) {
    const words = command === program ? '' : ` ${nameOf(command)}`;
    command.helpCommand(false).showHelpAfterError(`(signalman${words} --help says more)`);
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        terminal.print(text.trimEnd());
      },
      writeErr: (text) => {
        terminal.complain(text.trimEnd());
      },
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help that was asked for ends a command line too.
      if (error.exitCode !== 0) terminal.fail();
    } else if (error instanceof Failure) {
      terminal.complain(terminal.paint.red(error.message));
      terminal.fail();
    } else throw error;
  }
}

/** `dead replay` */
function nameOf(command: Command): string {
  const parent = command.parent?.parent === null ? '' : `${command.parent?.name() ?? ''} `;
  return `${parent}${command.name()}`;
}

/** Both the source and what is built from it lie two folders below. */
function ownVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
