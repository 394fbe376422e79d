import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { AppConfig } from '../config/app-config.js';
import { leadOwner } from '../contracts/lead-owner.js';
import { MUNCHKIN_ID } from '../contracts/munchkin-id.js';
import { JournalModule } from '../journal/journal.module.js';
import { RedisMemory } from '../state/redis-memory.js';
import { StateModule } from '../state/state.module.js';
import { audit } from './app/audit.js';
import { withRooms } from './app/with-rooms.js';
import type { Terminal } from './terminal/terminal.js';

const NOTES = `
A Delete Lead activity does the same by itself. For ten days nothing is remembered of the lead, whatever events
still come; delete the lead in Marketo too, or later events bring it back.

Examples:
  $ signalman erase-lead 123-ABC-456 5001`;

/** Marketo counts leads. */
const LEAD_ID = /^[1-9]\d{0,18}$/;

/** Erases a person who asks for it. Works beside a running app and without one. */
export function eraseLeadCommand(terminal: Terminal, config: () => AppConfig): Command {
  return new Command('erase-lead')
    .description('erase everything that is kept of a lead')
    .argument('<munchkin-id>', 'the Marketo instance, such as 123-ABC-456')
    .argument('<lead-id>', "the lead's id there")
    .addHelpText('after', NOTES)
    .action(async (munchkinId: string, leadId: string, _options: object, command: Command) => {
      if (!MUNCHKIN_ID.test(munchkinId)) command.error(`${munchkinId} is no id such as 123-ABC-456.`);
      if (!LEAD_ID.test(leadId)) command.error(`${leadId} is no id of a lead: it is a number.`);
      const target = `${munchkinId.toUpperCase()}/${leadId}`;
      await withRooms(config(), [StateModule, JournalModule], async (rooms) => {
        const request = { touches: [], merges: [], erasures: [leadOwner(munchkinId, leadId)] };
        await rooms.get(RedisMemory, { strict: false }).exchange(`erasure-${randomUUID()}`, request);
        await audit(rooms, { what: 'lead.erased', target });
      });
      terminal.print(`What rules remembered of lead ${target} is erased.`);
      terminal.print('What was done about it goes from queue and book within minutes, while a worker runs.');
    });
}
