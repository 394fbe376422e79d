import { InvalidArgumentError, Command, Option } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { type EffectFilter, LEAD_NAME } from '../delivery/effect-filter.js';
import { EffectSearch } from '../delivery/effect-search.js';
import { EffectStories } from '../delivery/effect-stories.js';
import { EffectsInLanes } from '../delivery/effects-in-lanes.js';
import { LedgerModule } from '../delivery/ledger.module.js';
import { type LedgerEntry, OUTCOMES } from '../delivery/ledger-entry.js';
import { QueuesModule } from '../queues/queues.module.js';
import { filterSlips } from './app/filter-slips.js';
import { withRooms } from './app/with-rooms.js';
import { effectLine, queuedLine, retryLine, storyLines } from './effects/effect-lines.js';
import { moment, wholeNumber } from './terminal/option-values.js';
import { printList, type Terminal } from './terminal/terminal.js';

interface ListOptions extends Pick<EffectFilter, 'rule' | 'to' | 'event' | 'lead' | 'outcome' | 'text'> {
  /** How long ago, milliseconds. */
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly json?: boolean;
}

const EXAMPLES = `
  done        the target took it                    skipped     the target had it so already
  failed      given up; its job is a dead letter    unknown     it may have happened, and is not repeated
  suppressed  decided against before it was sent    held        waits until a person releases it
  undone      it was done, and taken back           waiting     will be tried again
  uncertain   it may have happened, and will be     sending     under way
  queued      waits in its lane for its first try

Examples:
  $ signalman effects --rule leads/us-without-state --since 2h
  $ signalman effects --lead 5001
  $ signalman effects --outcome unknown --json
  $ signalman effects show e5a01c22f0f14d5a9b0c1d2e3f405162`;

/** What was sent, what will be, and how it ended. Works beside a running app and without one. */
export function effectsCommand(terminal: Terminal, config: () => AppConfig): Command {
  const effects = new Command('effects')
    .description('show what was sent and how it ended, what waits for its next try, and what is held')
    .option('--rule <id>', 'only of this rule; leads/* for all that begin so')
    .option('--to <name>', 'only to this destination')
    .option('--event <id>', 'only for this event')
    .option('--lead <id>', 'only about this lead: 5001, or 123-ABC-456/5001', leadId)
    .addOption(new Option('--outcome <word>', 'only those that ended, or stand, so').choices(OUTCOMES))
    .option('--text <words>', 'only with these words in what was sent, answered or said')
    .option('--since <time>', 'changed since then: 2h ago, or 2026-11-26T10:00Z', moment)
    .option('--until <time>', 'changed before then', moment)
    .option('--limit <n>', 'how many at most', wholeNumber, 20)
    .option('--json', 'print them as JSON, with everything they hold')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ListOptions) => {
      await list(options, terminal, config());
    });
  effects
    .command('show')
    .description('show everything about one effect: why, what was sent, and what was answered')
    .argument('<id>', 'its id, as the list shows it')
    .action(async (id: string, _options: object, command: Command) => {
      await show(id, command.optsWithGlobals<{ json?: boolean }>().json === true, terminal, config());
    });
  return effects;
}

async function list(options: ListOptions, terminal: Terminal, config: AppConfig): Promise<void> {
  const { print, complain, paint } = terminal;
  await withRooms(config, [LedgerModule, QueuesModule], async (rooms) => {
    const filter = filterOf(options);
    const { limit } = options;
    const inLanes = await rooms.get(EffectsInLanes, { strict: false }).find(filter, limit);
    const { queued, retrying, more } = inLanes;
    const again = new Set([...queued, ...retrying].map(({ effect }) => effect.id));
    const found = await searchAll(rooms.get(EffectSearch, { strict: false }), filter, limit + again.size);
    const others = found.filter(({ id }) => !again.has(id)).slice(0, limit);
    if (options.json === true) {
      const entries = [
        ...queued.map((each) => ({ kind: 'queued', ...each })),
        ...retrying.map((each) => ({ kind: 'retrying', ...each })),
        ...others.map((each) => ({ kind: 'effect', ...each })),
      ];
      print(JSON.stringify(entries, null, 2));
      return;
    }
    const lines = [
      ...queued.map((each) => queuedLine(each, paint)),
      ...retrying.map((each) => retryLine(each, paint)),
      ...others.map((each) => effectLine(each, paint)),
    ];
    if (lines.length === 0) print('There are no such effects.');
    printList(lines, terminal);
    if (more > 0) complain(`${more} more wait in their lanes: --limit shows more of them.`);
    const slips = lines.length > 0 ? [] : await filterSlips(options, rooms, config);
    for (const slip of slips) complain(slip);
  });
}

/** A search that had to go through many stops in between. */
async function searchAll(search: EffectSearch, filter: EffectFilter, limit: number): Promise<LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  let cursor: string | undefined;
  do {
    const { entries, ...more } = await search.search(filter, limit - found.length, cursor);
    found.push(...entries);
    cursor = more.cursor;
  } while (cursor !== undefined && found.length < limit);
  return found;
}

async function show(id: string, json: boolean, terminal: Terminal, config: AppConfig): Promise<void> {
  const { print, complain, fail, paint } = terminal;
  await withRooms(config, [LedgerModule, QueuesModule], async (rooms) => {
    const story = await rooms.get(EffectStories, { strict: false }).of(id);
    if (story === undefined) {
      complain(`Nothing is known of an effect ${id}.`);
      fail();
    } else if (json) print(JSON.stringify(story, null, 2));
    else printList(storyLines(story, paint), terminal);
  });
}

function filterOf(options: ListOptions): EffectFilter {
  const { since, until, rule, to, event, lead, outcome, text } = options;
  const given = { since, until, rule, to, event, lead, outcome, text };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function leadId(text: string): string {
  if (!LEAD_NAME.test(text))
    throw new InvalidArgumentError('Give the id of a lead: 5001, or 123-ABC-456/5001.');
  return text;
}
