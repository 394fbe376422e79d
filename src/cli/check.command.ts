import { resolve } from 'node:path';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { counted } from '../contracts/counted.js';
import { formatProblem, hasErrors, type Problem } from '../rules/loading/problem.js';
import { loadRules } from './app/load-rules.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
The exit code is 1 when there is an error; warnings alone leave it at 0.

Examples:
  $ signalman check
  $ signalman check ./rules --json`;

/** Checks rule files as they are checked at start and at every reload. */
export function checkCommand(terminal: Terminal, config: () => AppConfig): Command {
  return new Command('check')
    .description('check the rule files and say what is wrong where')
    .argument('[folder]', 'the rules folder; $SIGNALMAN_RULES or ./rules unless given')
    .option('--json', 'print the problems as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, { json = false }: { json?: boolean }) => {
      const { rulesDir, connectionsFile } = config();
      const folder = given === undefined ? rulesDir : resolve(given);
      const { problems, sources } = await loadRules(folder, { connectionsFile });
      if (json) terminal.print(JSON.stringify(problems, null, 2));
      else report(problems, sources.rules.length, terminal);
      if (hasErrors(problems)) terminal.fail();
    });
}

function report(problems: readonly Problem[], rules: number, { print, paint }: Terminal): void {
  for (const problem of problems) {
    print(formatProblem(problem).replace(` ${problem.severity} `, ` ${paintSeverity(problem, paint)} `));
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const summary = `${counted(rules, 'rule')} in order, ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  print(errors > 0 ? paint.red(summary) : paint.green(summary));
}

function paintSeverity({ severity }: Problem, paint: Terminal['paint']): string {
  return severity === 'error' ? paint.red(severity) : paint.yellow(severity);
}
