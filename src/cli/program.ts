import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { Failure } from '../contracts/failure.js';
import { catchUpCommand } from './catch-up.command.js';
import { checkCommand } from './check.command.js';
import { completenessCommand } from './completeness.command.js';
import { deadCommand } from './dead.command.js';
import { explainCommand } from './explain.command.js';
import { importCommand } from './import.command.js';
import { journalCommand } from './journal.command.js';
import { keysCommand } from './keys.command.js';
import { schemaCommand } from './schema.command.js';
import { sendCommand } from './send.command.js';
import type { Terminal } from './terminal/terminal.js';
import { testCommand } from './test.command.js';

/** Runs one command line, without the words `node signalman`. Never throws for what people can do wrong. */
export async function runCli(
  args: readonly string[],
  terminal: Terminal,
  config: () => AppConfig,
): Promise<void> {
  const program = new Command('signalman')
    .description('Rules for Marketo streams: check them, test them, ask why they did or did not fire.')
    .version(ownVersion())
    .helpCommand(false)
    .showHelpAfterError('(signalman --help says more)');
  program.addCommand(checkCommand(terminal, config));
  program.addCommand(testCommand(terminal, config));
  program.addCommand(explainCommand(terminal, config));
  program.addCommand(sendCommand(terminal, config));
  program.addCommand(importCommand(terminal, config));
  program.addCommand(deadCommand(terminal, config));
  program.addCommand(journalCommand(terminal, config));
  program.addCommand(completenessCommand(terminal, config));
  program.addCommand(catchUpCommand(terminal, config));
  program.addCommand(keysCommand(terminal, config));
  program.addCommand(schemaCommand(terminal));
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ]) {
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

/** Both the source and what is built from it lie two folders below. */
function ownVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
