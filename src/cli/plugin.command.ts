import { resolve } from 'node:path';
import { Command } from 'commander';
import { conformanceOf, type ConformanceCheck } from '../actions/conformance.js';
import { pluginSubject, readPlugin } from '../actions/plugin-subject.js';
import { systemClock } from '../contracts/clock.js';
import { counted } from '../contracts/counted.js';
import { errorDetails } from '../contracts/error-details.js';
import { HttpClient } from '../http/http-client.js';
import { httpPluginTarget } from './plugin/http-plugin-target.js';
import { ownPluginTarget } from './plugin/own-plugin-target.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
The plug-in is tried against a target on this machine that fails in every way that targets fail. The member "url" of its
example of a connection is made to lead there; a plug-in that speaks something else brings a target of its own.
docs/plugins.md says more.

Examples:
  $ signalman plugin check examples/plugins/teams
  $ signalman plugin check ./plugins/pager --target ./plugins/pager/target.mjs`;

/** For those who write plug-ins. */
export function pluginCommand(terminal: Terminal): Command {
  const command = new Command('plugin').description('work on plug-ins, which bring action kinds of your own');
  command
    .command('check')
    .description('try a plug-in as every action kind is tried: the conformance suite')
    .argument('<folder>', 'the folder or package of the plug-in')
    .option('--target <file>', 'a module that starts the target')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, { target: file }: { target?: string }) => {
      const plugin = await readPlugin(folder, process.cwd());
      const http = new HttpClient();
      const { target, close } = await (file === undefined
        ? httpPluginTarget(plugin)
        : ownPluginTarget(plugin, resolve(file)));
      try {
        await runChecks(conformanceOf(pluginSubject(plugin, http, systemClock), target), terminal);
      } finally {
        await http.close();
        await close();
      }
    });
  return command;
}

async function runChecks(
  checks: readonly ConformanceCheck[],
  { print, fail, paint }: Terminal,
): Promise<void> {
  let failed = 0;
  for (const { name, exempt, run } of checks) {
    if (exempt !== undefined) {
      print(`${paint.yellow('-')} ${name}: ${paint.dim(`does not apply, ${exempt}`)}`);
      continue;
    }
    try {
      await run();
      print(`${paint.green('✓')} ${name}`);
    } catch (error) {
      failed += 1;
      print(`${paint.red('✗')} ${name}\n    ${paint.red(errorDetails(error).message)}`);
    }
  }
  const applied = checks.filter(({ exempt }) => exempt === undefined).length;
  const summary = `${counted(applied - failed, 'check')} passed, ${failed} failed`;
  print(`\n${failed > 0 ? paint.red(summary) : paint.green(summary)}`);
  if (failed > 0) fail();
}
