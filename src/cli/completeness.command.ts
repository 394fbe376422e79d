import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { LEDGER_KEEP_SECONDS } from '../contracts/completeness.js';
import { CompletenessLedger, type CompletenessReport } from '../journal/completeness.js';
import { isAmiss } from '../journal/completeness-verdict.js';
import { JournalModule } from '../journal/journal.module.js';
import { QueueContents } from '../queues/queue-contents.js';
import { QueuesModule } from '../queues/queues.module.js';
import { completenessTable } from './journal/completeness-table.js';
import { sinceOption } from './terminal/option-values.js';
import type { Terminal } from './terminal/terminal.js';
import { withRooms } from './app/with-rooms.js';

const DAY_SECONDS = 24 * 3_600;

interface CompletenessOptions {
  readonly since: number;
  readonly source?: string;
  readonly hours?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Every event that came is decided, kept as history, known as a duplicate or in quarantine; every delivery that was
accepted is seen through, waits or was given up. What is none of these is missing, and the exit code is 1; so it is
when a delivery was given up. Hours are those in which events happened, in UTC.

Examples:
  $ signalman completeness
  $ signalman completeness --since 7d --source marketo-io --hours
  $ signalman completeness --since 1h --json`;

/** Proves that nothing is missing, or says what is. Works beside a running app and without one. */
export function completenessCommand(terminal: Terminal, config: () => AppConfig): Command {
  return new Command('completeness')
    .description('prove that nothing is missing, or say what is')
    .addOption(sinceOption(LEDGER_KEEP_SECONDS / DAY_SECONDS))
    .option('--source <name>', 'only this source')
    .option('--hours', 'list every hour, not only those with something to look at')
    .option('--json', 'print everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CompletenessOptions) => {
      const { since, source, hours = false, json = false } = options;
      await withRooms(config(), [JournalModule, QueuesModule], async (rooms) => {
        const now = Date.now();
        const range = { from: now - since, to: now, ...(source === undefined ? {} : { source }) };
        const work = rooms.get(QueueContents, { strict: false });
        const report = await rooms.get(CompletenessLedger, { strict: false }).report(range, work);
        if (json) terminal.print(JSON.stringify(report, null, 2));
        else show(report, hours, terminal);
        if (!report.complete) terminal.fail();
      });
    });
}

function show(report: CompletenessReport, everyHour: boolean, { print, paint }: Terminal): void {
  const { from, to, streams, lines, deliveries, complete, sentence, advice } = report;
  print(paint.dim(`${from} to ${to}, hours in UTC`));
  if (streams.length > 0) for (const line of completenessTable(streams)) print(line);
  const listed = everyHour ? lines : lines.filter(isAmiss);
  if (listed.length > 0) {
    print(`\n${everyHour ? 'Hour by hour' : 'Hours to look at'}`);
    for (const line of completenessTable(listed)) print(line);
  }
  for (const { hour, source, accepted, seen, waiting, dead, missing } of deliveries)
    if (waiting + dead + missing > 0)
      print(
        `\nDeliveries of ${source} received in ${hour}: ${accepted} accepted, ${seen} seen through, ${waiting} waiting, ${dead} given up, ${missing} missing.`,
      );
  print(`\n${complete ? paint.green(sentence) : paint.red(sentence)}`);
  for (const line of advice) print(`  ${line}`);
}
