import { resolve } from 'node:path';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { counted } from '../contracts/counted.js';
import { formatProblem } from '../rules/loading/problem.js';
import type { RuleTestResult } from '../rules/trial/run-rule-test.js';
import { runRuleTests } from '../rules/trial/run-rule-tests.js';
import { loadRules, type LoadedRules } from './app/load-rules.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
Each <name>.test.json is run with the rule beside it. Nothing is sent.

Examples:
  $ signalman test
  $ signalman test ./rules`;

/** Runs the examples that stand beside the rules. */
export function testCommand(terminal: Terminal, config: () => AppConfig): Command {
  return new Command('test')
    .description('run the test files of the rules')
    .argument('[folder]', 'the rules folder; $SIGNALMAN_RULES or ./rules unless given')
    .addHelpText('after', EXAMPLES)
    .action(async (given?: string) => {
      const { rulesDir, connectionsFile } = config();
      const folder = given === undefined ? rulesDir : resolve(given);
      await testRules(folder, await loadRules(folder, { connectionsFile }), terminal);
    });
}

async function testRules(folder: string, loaded: LoadedRules, terminal: Terminal): Promise<void> {
  const { print, fail, paint } = terminal;
  const { results, problems, untested } = await runRuleTests(folder, loaded.sources);
  const errors = [...loaded.problems, ...problems].filter(({ severity }) => severity === 'error');
  for (const problem of errors) print(`${paint.red('✗')} ${formatProblem(problem)}`);
  for (const result of results) tell(result, terminal);
  for (const id of untested) print(`${paint.yellow('-')} ${id} has no test file`);

  const failed = results.filter(({ differences }) => differences.length > 0).length;
  const summary = [
    `${counted(results.length - failed, 'case')} passed`,
    `${failed} failed`,
    ...(errors.length > 0 ? [`${counted(errors.length, 'error')} in files`] : []),
    ...(untested.length > 0 ? [`${counted(untested.length, 'rule')} without tests`] : []),
  ].join(', ');
  const bad = failed > 0 || errors.length > 0;
  print(`\n${bad ? paint.red(summary) : paint.green(summary)}`);
  if (bad) fail();
}

function tell({ ruleId, name, differences, why }: RuleTestResult, { print, paint }: Terminal): void {
  if (differences.length === 0) {
    print(`${paint.green('✓')} ${ruleId} ${paint.dim(name)}`);
    return;
  }
  print(`${paint.red('✗')} ${paint.bold(ruleId)} ${name}`);
  for (const difference of differences) print(`    ${paint.red(difference)}`);
  for (const line of why) print(`    ${paint.dim(line)}`);
}
