import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../src/cli/program.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { noteAppUrl } from '../../../src/sandbox/sandbox-file.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';

const FILE = 'samples/cloudevent.json';

let dataDir: string;
let sandbox: Sandbox;
let app: Server;
let asked: IncomingMessage[];
let answer: { status: number; body: object };

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalman-send-'));
  sandbox = await startSandbox({ dataDir });
  app = createServer((request, response) => {
    asked.push(request);
    request.resume();
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
});

beforeEach(() => {
  asked = [];
  answer = { status: 202, body: { accepted: 1, quarantined: 0 } };
});

afterAll(async () => {
  app.close();
  app.closeAllConnections();
  await sandbox.close();
  rmSync(dataDir, { recursive: true });
});

function appUrl(): string {
  return `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
}

/** `port`: one where nothing listens unless the test says otherwise. */
async function send(args: readonly string[] = [], port = 1): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  await runCli(['send', FILE, ...args], terminal, () => ({ dataDir, port }) as AppConfig);
  return terminal;
}

it('asks where else the app may be when nothing answers', async () => {
  const { complaints, failed } = await send();
  expect(complaints).toEqual([
    'http://127.0.0.1:1/ingest/events/crm does not answer. Started elsewhere? Give --url.',
  ]);
  expect(failed).toBe(true);
});

it('finds the app by the port, by the word of the sandbox, and by what it is told', async () => {
  await send([], (app.address() as AddressInfo).port);
  await send(['--url', `${appUrl()}/`]);
  await noteAppUrl(dataDir, appUrl());
  const { printed, failed } = await send();
  expect(asked.map(({ url }) => url)).toEqual(Array(3).fill('/ingest/events/crm'));
  expect(failed).toBe(false);
  expect(printed.slice(-2)).toEqual([
    `See what came of it: ${sandbox.overviewUrl}`,
    `Nothing there? npx signalman explain ${FILE} says why each rule fires or not.`,
  ]);
  expect(printed.join()).not.toContain('quarantine says');
});

it('points to the quarantine when events were put there', async () => {
  answer.body = { accepted: 1, quarantined: 2 };
  expect((await send(['--url', appUrl()])).printed).toContain(
    'Not everything could be read: npx signalman journal quarantine says what and why.',
  );
});

it.each([
  [401, 'unauthorized'],
  [403, 'invalid_signature'],
  [404, 'unknown_source'],
])('knows by %i %s an app that does not run in the sandbox', async (status, error) => {
  answer = { status, body: { error } };
  const { complaints, failed } = await send(['--url', appUrl()]);
  expect(complaints).toEqual(['The app runs with connections of its own; send works only in the sandbox.']);
  expect(failed).toBe(true);
});

it('says nothing of connections when the delivery itself is at fault', async () => {
  answer = { status: 400, body: { error: 'invalid_event' } };
  const { complaints, printed, failed } = await send(['--url', appUrl()]);
  expect([complaints, printed.length, failed]).toEqual([[], 2, true]);
});
