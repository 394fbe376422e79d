import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { permanent } from '../contracts/failure.js';
import type { HeldRule } from '../contracts/held.js';
import { HeldModule } from '../delivery/held.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { HeldEffects } from '../queues/held-effects.js';
import { HeldReports } from '../queues/held-reports.js';
import { HeldRules, MOST_FIRST } from '../queues/held-rules.js';
import { unknownRule } from './app/unknown-rule.js';
import { withRooms } from './app/with-rooms.js';
import { decide, type DecideOptions, DONE, mayDecide } from './held/decide-held.js';
import { heldLines } from './held/held-lines.js';
import { type Ask, askPerson } from './terminal/ask.js';
import { wholeNumber } from './terminal/option-values.js';
import { printList, type Terminal } from './terminal/terminal.js';

const LEADS_AT_ONCE = 1_000;

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
          printList(
            reports.flatMap((each) => heldLines(each, terminal.paint)),
            terminal,
          );
      });
    });
  held
    .command('show')
    .description('show what is held of one rule')
    .argument('<rule>', 'the id of the rule')
    .option('--leads', 'list every lead for whom something is held')
    .action(async (ruleId: string, { leads = false }: { leads?: boolean }) => {
      await inRooms(config(), async (rooms) => {
        const rule = await heldRule(rooms, ruleId, config());
        const report = await rooms.get(HeldReports, { strict: false }).of(rule);
        printList(heldLines(report, terminal.paint), terminal);
        if (leads) for await (const some of leadsOf(rooms, rule)) printList(some, terminal);
      });
    });
  addDecisions(held, { terminal, config, ask });
  return held;
}

function addDecisions(
  held: Command,
  { terminal, config, ask }: { terminal: Terminal; config: () => AppConfig; ask: Ask },
): void {
  const release = held
    .command('release')
    .description('send what is held of a rule, which may act again; its limit counts anew')
    .option('--first <n>', `only so many, ${MOST_FIRST} at most; the rule stays held`, wholeNumber);
  const discard = held
    .command('discard')
    .description('throw away what is held of a rule, which may act again; its limit counts anew');
  for (const [command, decision] of [
    [release, 'release'],
    [discard, 'discard'],
  ] as const)
    command
      .argument('<rule>', 'the id of the rule')
      .option('--yes', 'do not ask')
      .action(async (ruleId: string, options: DecideOptions) => {
        await inRooms(config(), async (rooms) => {
          const rule = await heldRule(rooms, ruleId, config());
          if (options.yes === true || (await mayDecide(rooms, { rule, decision, ...options }, ask)))
            await decide(rooms, { ruleId, decision, first: options.first }, terminal);
          else terminal.print(`Nothing was ${DONE[decision]}.`);
        });
      });
}

/** @throws Failure `held.none`, with the nearest id where there is no such rule at all. */
async function heldRule(
  rooms: INestApplicationContext,
  ruleId: string,
  config: AppConfig,
): Promise<HeldRule> {
  const rules = rooms.get(HeldRules, { strict: false });
  const rule = await rules.find(ruleId);
  if (rule !== undefined) return rule;
  const others = (await rules.list()).map((each) => each.ruleId);
  const hint = (await unknownRule(ruleId, config, others)) ?? 'signalman held lists those that are.';
  throw permanent('held.none', `Nothing is held of a rule ${ruleId}. ${hint}`);
}

/** Page by page, so that there may be as many as there are. */
async function* leadsOf(rooms: INestApplicationContext, { id }: HeldRule): AsyncGenerator<readonly string[]> {
  const effects = rooms.get(HeldEffects, { strict: false });
  let cursor: string | undefined;
  do {
    const { leads, ...more } = await effects.leads(id, LEADS_AT_ONCE, cursor);
    yield leads;
    cursor = more.cursor;
  } while (cursor !== undefined);
}

async function inRooms(
  config: AppConfig,
  use: (rooms: INestApplicationContext) => Promise<void>,
): Promise<void> {
  await withRooms(config, [HeldModule, JournalModule], use);
}
