import { Command, Option } from 'commander';
import type { INestApplicationContext } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { ApiKeys } from '../access/api-keys.js';
import { KEY_ROLES, type KeyRole, type ListedKey } from '../access/key.js';
import type { AppConfig } from '../config/app-config.js';
import { JournalModule } from '../journal/journal.module.js';
import { audit, commandLineUser } from './app/audit.js';
import { aligned } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';
import { withRooms } from './app/with-rooms.js';

const EXAMPLES = `
  ingest    sends events to /ingest/events, with --source to one source only
  viewer    reads the API and the metrics
  operator  reads, and sends dead letters again
  admin     does all that, and makes and revokes keys

A key that is revoked may be taken for five seconds more.

Examples:
  $ signalman keys create --role viewer --name "Grafana"
  $ signalman keys create --role ingest --name "CRM" --source crm
  $ signalman keys revoke 3f9a61c0d2`;

interface CreateOptions {
  readonly role: KeyRole;
  readonly name: string;
  readonly source?: string;
}

/** Makes, lists and revokes API keys. Works beside a running app and without one. */
export function keysCommand(terminal: Terminal, config: () => AppConfig): Command {
  const keys = new Command('keys')
    .description('make, list or revoke API keys')
    .addHelpText('after', EXAMPLES);
  keys
    .command('create')
    .description('make a key and print it, once')
    .addOption(
      new Option('--role <role>', 'what it may do (required)').choices(KEY_ROLES).makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'who or what uses it (required)')
    .option('--source <name>', 'the only source that an ingest key may send to')
    .action(async (options: CreateOptions) => {
      await withKeys(config(), (apiKeys, rooms) => create(apiKeys, rooms, options, terminal));
    });
  keys
    .command('list')
    .description('list the keys, oldest first')
    .option('--json', 'print them as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      await withKeys(config(), async (apiKeys) => {
        const listed = await apiKeys.list();
        if (json) terminal.print(JSON.stringify(listed, null, 2));
        else if (listed.length === 0) terminal.print('There are no keys.');
        else table(listed, terminal);
      });
    });
  keys
    .command('revoke')
    .description('take a key back')
    .argument('<id>', 'the id as `keys list` shows it')
    .option('--force', 'even the last key of an admin')
    .action(async (id: string, { force = false }: { force?: boolean }) => {
      await withKeys(config(), async (apiKeys, rooms) => {
        const { name, role } = await apiKeys.revoke(id, { force });
        await audit(rooms, { what: 'key.revoked', target: id, detail: `${role} "${name}"` });
        terminal.print(`Key ${id} (${name}) is revoked.`);
      });
    });
  return keys;
}

async function create(
  apiKeys: ApiKeys,
  rooms: INestApplicationContext,
  { role, name, source }: CreateOptions,
  { print, complain }: Terminal,
): Promise<void> {
  const to = source === undefined ? {} : { source };
  const { key, text } = await apiKeys.create({ role, name, ...to, createdBy: commandLineUser() });
  await audit(rooms, { what: 'key.created', target: key.id, detail: `${role} "${name}"` });
  print(text);
  complain('This is the only time that it is shown: keep it where only its user can read it.');
}

const HEADINGS = ['id', 'name', 'role', 'source', 'created', 'last used'];

function table(keys: readonly ListedKey[], { print, paint }: Terminal): void {
  const rows = keys.map(({ id, name, role, source, createdAt, lastUsedAt }) => [
    id,
    name,
    role,
    source ?? '',
    createdAt.slice(0, 16),
    lastUsedAt?.slice(0, 16) ?? 'never',
  ]);
  const [headings = '', ...lines] = aligned([HEADINGS, ...rows]);
  print(paint.bold(headings));
  for (const line of lines) print(line);
}

async function withKeys(
  config: AppConfig,
  use: (keys: ApiKeys, rooms: INestApplicationContext) => Promise<void>,
): Promise<void> {
  await withRooms(config, [AccessModule, JournalModule], async (rooms) => {
    await use(rooms.get(ApiKeys, { strict: false }), rooms);
  });
}
