import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { systemClock } from '../contracts/clock.js';
import { JournalModule } from '../journal/journal.module.js';
import { type Destinations, Lanes } from '../queues/lanes.js';
import { QueuesModule } from '../queues/queues.module.js';
import { audit, commandLineUser } from './app/audit.js';
import { destinationsOf } from './app/connections-of.js';
import { withRooms } from './app/with-rooms.js';
import { laneTable } from './lanes/lane-table.js';
import type { Terminal } from './terminal/terminal.js';

const EXAMPLES = `
Each destination has a lane of its own. What is under way when it is paused ends; the rest is kept until it is resumed.
Resuming also ends what else holds a lane: that its destination failed, or asked for a pause or for nothing more.

Examples:
  $ signalman lanes
  $ signalman lanes pause crm --reason "They move house until Monday"
  $ signalman lanes resume crm`;

interface Rooms {
  readonly lanes: Lanes;
  readonly destinations: Destinations;
  readonly app: INestApplicationContext;
}

/** Shows and steers the lanes of destinations. Works beside a running app, which heeds it at once, and without one. */
export function lanesCommand(terminal: Terminal, config: () => AppConfig): Command {
  const lanes = new Command('lanes')
    .description('show what waits for each destination, pause one, or resume it')
    .addHelpText('after', EXAMPLES);
  lanes
    .command('list', { isDefault: true })
    .description('list the destinations, what waits for each, and what keeps it from being sent')
    .option('--json', 'print them as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      await withLanes(config(), async ({ lanes: rooms, destinations }) => {
        const listed = await rooms.list(destinations);
        if (json) terminal.print(JSON.stringify(listed, null, 2));
        else laneTable(listed, terminal);
      });
    });
  lanes
    .command('pause')
    .description('send a destination nothing until it is resumed')
    .argument('<name>', 'the name of the destination')
    .requiredOption('--reason <text>', 'why, for others (required)')
    .action(async (name: string, { reason }: { reason: string }) => {
      await withLanes(config(), async ({ lanes: rooms, destinations, app }) => {
        await rooms.mustExist(name, destinations);
        const since = new Date(systemClock.now()).toISOString();
        await audit(app, { what: 'lane.paused', target: name, detail: reason });
        await rooms.pause(name, { by: commandLineUser(), reason, since });
        terminal.print(`${name} is paused: it is sent nothing until you say signalman lanes resume ${name}.`);
      });
    });
  lanes
    .command('resume')
    .description('send a destination everything that waits for it')
    .argument('<name>', 'the name of the destination')
    .action(async (name: string) => {
      await withLanes(config(), async ({ lanes: rooms, destinations, app }) => {
        await rooms.mustExist(name, destinations);
        await audit(app, { what: 'lane.resumed', target: name });
        await rooms.resume(name);
        terminal.print(`${name} is sent to again.`);
      });
    });
  return lanes;
}

async function withLanes(config: AppConfig, use: (rooms: Rooms) => Promise<void>): Promise<void> {
  const destinations = await destinationsOf(config);
  await withRooms(config, [QueuesModule, JournalModule], async (app) => {
    await use({ lanes: app.get(Lanes, { strict: false }), destinations, app });
  });
}
