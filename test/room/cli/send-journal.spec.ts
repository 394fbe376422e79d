import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../src/cli/program.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import type { AdobeSource } from '../../../src/contracts/connections.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { noteAppUrl } from '../../../src/sandbox/sandbox-file.js';
import { serve, type TestServer } from '../../support/http-server.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';

let dataDir: string;
let sandbox: Sandbox;
let app: TestServer;
let posted: string[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalman-send-'));
  sandbox = await startSandbox({ dataDir });
  posted = [];
  app = await serve((request, response) => {
    posted.push(request.url ?? '');
    request.resume();
    response.end('{"ok":true}');
  });
  await noteAppUrl(dataDir, app.origin);
});
afterEach(async () => {
  await app.close();
  await sandbox.close();
  rmSync(dataDir, { recursive: true });
});

async function send(...args: readonly string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  await runCli(['send', ...args], terminal, () => ({ dataDir, port: 1 }) as AppConfig);
  return terminal;
}

/** Recipients of the events in the journal. */
async function inJournal(): Promise<unknown[]> {
  const { journal, ims, clientId } = sandbox.connections.sources['marketo-io'] as Required<AdobeSource>;
  const form = { client_id: clientId, client_secret: ims.clientSecret, scope: ims.scope };
  const token = await fetch(ims.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ ...form, grant_type: 'client_credentials' }),
  });
  const { access_token } = (await token.json()) as { access_token: string };
  const page = await fetch(journal.url, {
    headers: { authorization: `Bearer ${access_token}`, 'x-api-key': clientId, 'x-ims-org-id': ims.orgId },
  });
  if (page.status === 204) return [];
  const { events } = (await page.json()) as { events: { event: Record<string, unknown> }[] };
  return events.map(({ event }) => event['recipientclientid'] === clientId);
}

it('puts what Adobe delivers into its journal as well', async () => {
  expect((await send('samples/lead-activity.json')).failed).toBe(false);
  expect(posted).toEqual(['/ingest/adobe/marketo-io']);
  expect(await inJournal()).toEqual([true]);
});

it('puts it there alone when the webhook is to have missed it', async () => {
  const { printed, failed } = await send('samples/lead-activity-batch.json', '--journal-only');
  expect(failed).toBe(false);
  expect(printed[0]).toBe('It is in the journal of marketo-io, which the app reads all the time.');
  expect(posted).toEqual([]);
  expect((await inJournal()).every((ours) => ours === true)).toBe(true);
  expect((await inJournal()).length).toBeGreaterThan(1);
});

it('knows that only Adobe has a journal', async () => {
  const { complaints, failed } = await send('samples/cloudevent.json', '--journal-only');
  expect(complaints).toEqual(['Source crm has no journal: only those of Adobe have one.']);
  expect([failed, posted]).toEqual([true, []]);
});
