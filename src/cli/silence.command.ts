import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { systemClock } from '../contracts/clock.js';
import { JournalModule } from '../journal/journal.module.js';
import { describeSilence, type Silence } from '../contracts/silence.js';
import { Silences } from '../state/silences.js';
import { StateModule } from '../state/state.module.js';
import { audit, commandLineUser } from './app/audit.js';
import { withRooms } from './app/with-rooms.js';
import { checkRulePattern } from './silence/rule-pattern.js';
import { silenceTable } from './silence/silence-table.js';
import { silenceWanted, type SilenceOptions } from './silence/silence-wanted.js';
import { duration } from './terminal/option-values.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
Rules that are silenced are still decided and written down. The end of a silence is at most a year away.

Examples:
  $ signalman silence add --rules 'leads/*' --for 2h --reason "Import of the fair's leads"
  $ signalman silence add --rules leads/hot-form-fill --lead 7 --for 7d --reason "Our own test lead"
  $ signalman silence add --rules '*' --every '0 22 * * 6' --zone Europe/Berlin --for 4h \\
      --until 2027-01-01 --reason "Maintenance of the CRM"
  $ signalman silence list
  $ signalman silence end 3f9a61c0d2`;

/** Mutes rules for a time. Works beside a running app, which heeds it within a second, and without one. */
export function silenceCommand(terminal: Terminal, config: () => AppConfig): Command {
  const silence = new Command('silence')
    .description('mute rules for a time, list what is muted, or end it')
    .addHelpText('after', EXAMPLES);
  silence.addCommand(addCommand(terminal, config));
  silence
    .command('list')
    .description('list the silences, oldest first, and those that ended in the last 7 days')
    .option('--json', 'print them as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      await withSilences(config(), async (silences) => {
        const now = systemClock.now();
        const listed = await silences.list(now);
        if (json) terminal.print(JSON.stringify(listed, null, 2));
        else silenceTable(listed, now, terminal);
      });
    });
  silence
    .command('end')
    .description('end a silence now')
    .argument('<id>', 'the id as `silence list` shows it')
    .action(async (id: string) => {
      await withSilences(config(), async (silences, rooms) => {
        const ended = await silences.end(id, systemClock.now());
        await audit(rooms, { what: 'silence.ended', target: id, detail: describeSilence(ended) });
        terminal.print(`Silence ${id} has ended: ${ended.rules} may act again.`);
      });
    });
  return silence;
}

function addCommand(terminal: Terminal, config: () => AppConfig): Command {
  const length = new Option('--for <duration>', 'how long, such as 90m or 2h; with --every each time');
  return new Command('add')
    .description('mute rules for a time')
    .requiredOption('--rules <pattern>', 'the id of a rule, or a pattern such as leads/* (required)')
    .requiredOption('--reason <text>', 'why, for others (required)')
    .addOption(length.argParser(duration))
    .option('--until <time>', 'when it ends, such as 2026-12-24T18:00Z')
    .option('--from <time>', 'when it begins; now unless given')
    .option('--every <cron>', 'only after these times, such as "0 22 * * 6" for Saturdays at 22:00')
    .option('--zone <name>', 'the time zone of --every; UTC unless given')
    .option('--lead <id>', 'only for this lead')
    .option('--instance <id>', 'only for this Marketo instance')
    .option('--type <name>', 'only for events of this type, such as marketo.activity.newlead')
    .option('--owner <who>', 'who answers for it; you unless given')
    .action(async (options: SilenceOptions, command: Command) => {
      const now = systemClock.now();
      const wanted = silenceWanted(options, { now, user: commandLineUser() });
      if ('problem' in wanted) command.error(wanted.problem);
      else {
        await checkRulePattern(options.rules, config(), terminal);
        await withSilences(config(), async (silences, rooms) => {
          const added = await silences.add(wanted, now);
          await audit(rooms, { what: 'silence.added', target: added.id, detail: describeSilence(added) });
          terminal.print(sentence(added));
        });
      }
    });
}

function sentence({ id, rules, until }: Silence): string {
  return `Silence ${id}: ${rules} until ${until}.`;
}

async function withSilences(
  config: AppConfig,
  use: (silences: Silences, rooms: INestApplicationContext) => Promise<void>,
): Promise<void> {
  await withRooms(config, [StateModule, JournalModule], async (rooms) => {
    await use(rooms.get(Silences, { strict: false }), rooms);
  });
}
