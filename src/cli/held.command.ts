import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { systemClock } from '../contracts/clock.js';
import { counted } from '../contracts/counted.js';
import { permanent } from '../contracts/failure.js';
import type { HeldDecision, HeldRule } from '../contracts/held.js';
import { HeldKeeper } from '../delivery/held-keeper.js';
import { HeldModule } from '../delivery/held.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { HeldReports } from '../queues/held-reports.js';
import { HeldRules, MOST_FIRST } from '../queues/held-rules.js';
import { audit, commandLineUser } from './app/audit.js';
import { withRooms } from './app/with-rooms.js';
import { heldLines } from './held/held-lines.js';
import { type Ask, askPerson, confirm } from './terminal/ask.js';
import { wholeNumber } from './terminal/option-values.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
A rule that does more than its "limit" allows is held: it and everything that it would do from then on.

Examples:
  $ signalman held
  $ signalman held show leads/welcome --leads
  $ signalman held release leads/welcome --first 10
  $ signalman held release leads/welcome
  $ signalman held discard leads/welcome`;

/** What rules that are held would do, and what is to become of it. Works beside a running app and without one. */
export function heldCommand(terminal: Terminal, config: () => AppConfig, ask: Ask = askPerson): Command {
  const held = new Command('held')
    .description('show what is held because a rule did more than its limit allows; release or discard it')
    .option('--json', 'print it as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json = false }: { json?: boolean }) => {
      await inRooms(config(), async (rooms) => {
        const rules = await rooms.get(HeldRules, { strict: false }).list();
        const reports = await Promise.all(
          rules.map((rule) => rooms.get(HeldReports, { strict: false }).of(rule)),
        );
        if (json) terminal.print(JSON.stringify(reports, null, 2));
        else if (reports.length === 0) terminal.print('Nothing is held.');
        else
          for (const line of reports.flatMap((each) => heldLines(each, terminal.paint))) terminal.print(line);
      });
    });
  held
    .command('show')
    .description('show what is held of one rule')
    .argument('<rule>', 'the id of the rule')
    .option('--leads', 'list every lead for whom something is held')
    .action(async (ruleId: string, { leads = false }: { leads?: boolean }) => {
      await inRooms(config(), async (rooms) => {
        const rule = await heldRule(rooms, ruleId);
        const reports = rooms.get(HeldReports, { strict: false });
        for (const line of heldLines(await reports.of(rule), terminal.paint)) terminal.print(line);
        for (const lead of leads ? await reports.leadsOf(rule) : []) terminal.print(lead);
      });
    });
  held
    .command('release')
    .description('send what is held of a rule, which may act again; its limit counts anew')
    .argument('<rule>', 'the id of the rule')
    .option('--first <n>', `only so many, ${MOST_FIRST} at most; the rule stays held`, wholeNumber)
    .action(async (ruleId: string, { first }: { first?: number }) => {
      await inRooms(config(), async (rooms) => {
        await decide(rooms, { ruleId, decision: 'release', first }, terminal);
      });
    });
  held
    .command('discard')
    .description('throw away what is held of a rule, which may act again; its limit counts anew')
    .argument('<rule>', 'the id of the rule')
    .option('--yes', 'do not ask')
    .action(async (ruleId: string, { yes = false }: { yes?: boolean }) => {
      await inRooms(config(), async (rooms) => {
        const report = await rooms.get(HeldReports, { strict: false }).of(await heldRule(rooms, ruleId));
        const what = `${counted(report.effects, 'effect')} for ${counted(report.leads, 'lead')}`;
        if (yes || (await confirm(`Throw away ${what}?`, ask)))
          await decide(rooms, { ruleId, decision: 'discard' }, terminal);
        else terminal.print('Nothing was discarded.');
      });
    });
  return held;
}

interface Wish extends Pick<HeldDecision, 'ruleId' | 'decision'> {
  readonly first?: number | undefined;
}

async function decide(
  rooms: INestApplicationContext,
  { ruleId, decision, first }: Wish,
  { print }: Terminal,
): Promise<void> {
  const rules = rooms.get(HeldRules, { strict: false });
  const wanted = { ruleId, decision, by: commandLineUser(), at: systemClock.now() };
  const decided = first === undefined ? await rules.decide(wanted) : await rules.decideFirst(wanted, first);
  if (decided === undefined) throw notHeld(ruleId);
  const count = await rooms.get(HeldKeeper, { strict: false }).seeThrough(decided);
  const done = decision === 'release' ? 'released' : 'discarded';
  await audit(rooms, {
    what: `held.${done}`,
    target: ruleId,
    detail: `${counted(count, 'effect')}: ${decided.reason}`,
  });
  const rule = first === undefined ? `${ruleId} may act again` : `${ruleId} is still held`;
  print(`${counted(count, 'effect')} ${done}: ${rule}.`);
}

async function heldRule(rooms: INestApplicationContext, ruleId: string): Promise<HeldRule> {
  const rule = await rooms.get(HeldRules, { strict: false }).find(ruleId);
  if (rule === undefined) throw notHeld(ruleId);
  return rule;
}

/** What a release left behind that was cut off is seen through by the next worker that looks. */
function notHeld(ruleId: string): Error {
  return permanent('held.none', `Nothing is held of a rule ${ruleId}: signalman held lists those that are.`);
}

async function inRooms(
  config: AppConfig,
  use: (rooms: INestApplicationContext) => Promise<void>,
): Promise<void> {
  await withRooms(config, [HeldModule, JournalModule], use);
}
