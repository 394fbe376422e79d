import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { systemClock } from '../contracts/clock.js';
import { counted, whole } from '../contracts/counted.js';
import { type Priority, PRIORITIES } from '../contracts/effect.js';
import { coversRule } from '../contracts/rule-pattern.js';
import { Undo, type UndoPlan, type UndoRequest } from '../delivery/undo.js';
import { UndoModule } from '../delivery/undo.module.js';
import { type Unsent, UnsentEffects } from '../delivery/unsent-effects.js';
import { JournalModule } from '../journal/journal.module.js';
import { HeldRules } from '../queues/held-rules.js';
import { audit, commandLineUser } from './app/audit.js';
import { ruleSlip } from './app/rule-slip.js';
import { withRooms } from './app/with-rooms.js';
import { type Ask, askPerson, confirm } from './terminal/ask.js';
import { moment } from './terminal/option-values.js';
import { printList, type Terminal } from './terminal/terminal.js';
import { planLines, unsentLine } from './undo/undo-lines.js';

const EXAMPLES = `
It takes back exactly what the rule did: a lead that was in the list before stays there, and a score is changed by the
difference, whatever it has become since. What cannot be taken back, such as a mail, is listed with the reason. What
takes back goes the same way as everything else, and twice is once. Only what signalman effects still shows can be taken
back. Give a rule that is still doing wrong another mode first.

Examples:
  $ signalman undo --rule leads/welcome --since 2h --dry-run
  $ signalman undo --rule leads/welcome --since 2026-11-26T10:00Z --until 2026-11-26T11:00Z
  $ signalman undo --rule leads/welcome --since 2h --also-waiting`;

interface UndoOptions {
  readonly rule: string;
  readonly since: number;
  readonly until?: number;
  readonly priority: Priority;
  readonly alsoWaiting?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Takes back what a rule did. Works beside a running app and without one. */
export function undoCommand(terminal: Terminal, config: () => AppConfig, ask: Ask = askPerson): Command {
  const priority = new Option('--priority <word>', 'how soon it goes to its destinations');
  return new Command('undo')
    .description('take back what a rule did, as far as that can be taken back')
    .requiredOption('--rule <id>', 'the id of the rule; leads/* for all that begin so (required)')
    .requiredOption('--since <time>', 'from when on: 2h ago, or 2026-11-26T10:00Z (required)', moment)
    .option('--until <time>', 'until when; now unless given', moment)
    .addOption(priority.choices(PRIORITIES).default('low'))
    .option('--also-waiting', 'end what the rule decided in that time and did not send yet')
    .option('--dry-run', 'only show what would be done')
    .option('--yes', 'do not ask')
    .addHelpText('after', EXAMPLES)
    .action(async (options: UndoOptions) => {
      await withRooms(config(), [UndoModule, JournalModule], async (rooms) => {
        await undo(rooms, options, terminal, { ask, config: config() });
      });
    });
}

async function undo(
  rooms: INestApplicationContext,
  options: UndoOptions,
  terminal: Terminal,
  { ask, config }: { readonly ask: Ask; readonly config: AppConfig },
): Promise<void> {
  const { rule, since, until = systemClock.now() } = options;
  const request = { rule, since, until };
  const unsent = await rooms.get(UnsentEffects, { strict: false }).of(request);
  const plan = await rooms.get(Undo, { strict: false }).plan(request);
  printList(planLines(plan, rule, terminal.paint), terminal);
  const waiting = unsentLine(unsent, options.alsoWaiting === true);
  if (waiting !== undefined) terminal.print(waiting);
  const ends = options.alsoWaiting === true ? unsent.queued.length + unsent.held.length : 0;
  const slip = isNothing(plan, unsent) ? await ruleSlip(rule, rooms, config) : undefined;
  if (slip !== undefined) terminal.complain(slip);
  if (options.dryRun === true || plan.undoable.length + ends === 0) return;
  const question = `Take back ${counted(plan.undoable.length, 'effect')}${ends > 0 ? ` and end ${counted(ends, 'effect')} unsent` : ''}?`;
  if (options.yes !== true && !(await confirm(question, ask))) {
    terminal.print('Nothing was taken back.');
    return;
  }
  await carryOut(rooms, { plan, request, unsent, options }, terminal);
}

function isNothing(
  { undoable, notUndoable, givenUp }: UndoPlan,
  { queued, underWay, held }: Unsent,
): boolean {
  return [undoable, notUndoable, givenUp, queued, held].every(({ length }) => length === 0) && underWay === 0;
}

async function carryOut(
  rooms: INestApplicationContext,
  {
    plan: { undoable },
    request: { rule, since, until },
    unsent,
    options: { priority, alsoWaiting = false },
  }: { plan: UndoPlan; request: UndoRequest; unsent: Unsent; options: UndoOptions },
  terminal: Terminal,
): Promise<void> {
  const ends = alsoWaiting ? unsent.queued.length + unsent.held.length : 0;
  const back = `${counted(undoable.length, 'effect')} to be taken back`;
  const [from, to] = [since, until].map((time) => new Date(time).toISOString());
  const detail = `${back}, ${whole(ends)} to be ended unsent: ${from} to ${to}`;
  await audit(rooms, { what: 'rule.undone', target: rule, detail });
  const ended = alsoWaiting
    ? await rooms.get(UnsentEffects, { strict: false }).suppress(unsent, `undone by ${commandLineUser()}`)
    : 0;
  await rooms.get(Undo, { strict: false }).carryOut(undoable, priority);
  terminal.print(
    [`${back}, ${whole(ended)} ended unsent.`, ...looks(rule, undoable.length, ended)].join(' '),
  );
  if (alsoWaiting) printList(await heldStill(rooms, rule), terminal);
}

/** How to see what was done, of what there was to do. */
function looks(rule: string, takenBack: number, ended: number): string[] {
  const list = `signalman effects --rule ${rule} --outcome`;
  return [
    ...(takenBack > 0 ? [`${list} undone shows what was taken back by now.`] : []),
    ...(ended > 0 ? [`${list} suppressed shows what was ended unsent.`] : []),
  ];
}

/** What was held is ended, and the rule is held all the same: whatever it does next waits for a person. */
async function heldStill(rooms: INestApplicationContext, rule: string): Promise<string[]> {
  const held = await rooms.get(HeldRules, { strict: false }).list();
  return held
    .filter(({ ruleId }) => coversRule(rule, ruleId))
    .map(({ ruleId }) => `${ruleId} stays held: signalman held release ${ruleId} lets it act again.`);
}
