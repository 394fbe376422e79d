import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedTerminal } from '../../test/support/recorded-terminal.js';
import type { AppConfig } from '../config/app-config.js';
import { checkCommand } from './check.command.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalman-check-'));
  await mkdir(join(folder, 'leads'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function checked(params: object): Promise<string> {
  const rule = {
    description: 'Leads that fill out a form.',
    on: 'marketo.activity.filloutform',
    actions: [{ type: 'slack', params }],
  };
  await writeFile(join(folder, 'leads/form.json'), JSON.stringify(rule));
  const terminal = recordedTerminal();
  const config = { rulesDir: folder, connectionsFile: join(folder, 'nowhere.json') } as AppConfig;
  await checkCommand(terminal, () => config).parseAsync([], { from: 'user' });
  return terminal.printed.join('\n');
}

it('says without a connections file what the incoming webhook of the sandbox cannot do, as the app does', async () => {
  const words = { text: 'Here', thread: 'lead {{ leadId }}' };
  expect(await checked({ to: 'ops', ...words })).toContain('"thread" needs a connection with botToken');
  expect(await checked({ to: 'ops-bot', ...words })).toContain('1 rule in order, 0 errors, 0 warnings');
});
