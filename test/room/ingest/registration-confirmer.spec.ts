import type { AdobeSource } from '../../../src/contracts/connections.js';
import { AdobeJournal } from '../../../src/sandbox/adobe-journal.js';
import { eventually } from '../../support/eventually.js';
import { serve } from '../../support/http-server.js';
import { activity, CLIENT_ID, type DoorApp, MemoryStore, signed, startDoor } from './door-app.js';

const CLIENT = { clientId: CLIENT_ID, clientSecret: 's', orgId: 'ABC@AdobeOrg', scope: 'openid' };

let adobe: AdobeJournal;
let store: MemoryStore;
let door: DoorApp;

beforeEach(async () => {
  adobe = new AdobeJournal(CLIENT);
  await adobe.listen('127.0.0.1', 0);
  store = new MemoryStore();
  const { origin } = adobe;
  const io: AdobeSource = { kind: 'adobe', clientId: CLIENT_ID, keyOrigin: origin, validationOrigin: origin };
  door = await startDoor(origin, { store }, { sources: { io, 'journal-only': { ...io, webhook: false } } });
});
afterEach(async () => {
  await door.app.close();
  await adobe.close();
});

async function probe(payload: unknown, source = 'io'): Promise<number> {
  const response = await fetch(`${door.origin}/ingest/adobe/${source}`, {
    method: 'POST',
    body: JSON.stringify(payload),
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
  return response.status;
}

it('confirms the registration at Adobe, without credentials, and stores nothing', async () => {
  const { url, confirmed } = adobe.askForValidation();
  expect(await probe({ validationUrl: url })).toBe(200);
  await eventually(confirmed);
  expect(adobe.requests.last).toMatchObject({ method: 'GET' });
  expect(adobe.requests.last?.headers).not.toHaveProperty('authorization');
  expect(store.batches).toEqual([]);
});

it('answers the probe though Adobe does not answer the confirmation', async () => {
  adobe.failNext({ hang: true });
  expect(await probe({ validationUrl: adobe.askForValidation().url })).toBe(200);
});

it.each([
  ['another host', 'https://evil.example/csm/registrations/validate?id=a&challenge=b'],
  ['another port', 'http://127.0.0.1:1/csm/registrations/validate?id=a&challenge=b'],
  ['a host that begins alike', 'ORIGIN.evil.example/csm/registrations/validate?id=a'],
  ['a user in front of the host', 'http://u:p@HOST/csm/registrations/validate?id=a'],
  ['another path', 'ORIGIN/csm/registrations/validate/../../../admin?id=a'],
  ['another path behind an encoded slash', 'ORIGIN/csm/registrations%2Fvalidate?id=a'],
  ['no query', 'ORIGIN/csm/registrations/validate'],
  ['a fragment', 'ORIGIN/csm/registrations/validate?id=a#b'],
  ['more than a URL should have', `ORIGIN/csm/registrations/validate?id=${'a'.repeat(600)}`],
  ['another scheme', 'file:///csm/registrations/validate?id=a'],
])('opens no URL with %s', async (_what, url) => {
  const asked = url.replace('ORIGIN', adobe.origin).replace('HOST', new URL(adobe.origin).host);
  expect(await probe({ validationUrl: asked })).toBe(200);
  const { url: good, confirmed } = adobe.askForValidation();
  expect(await probe({ validationUrl: good })).toBe(200);
  await eventually(confirmed);
  expect(adobe.requests.size).toBe(1);
});

it('follows no redirect', async () => {
  const elsewhere: string[] = [];
  const trap = await serve((request, response) => {
    elsewhere.push(request.url ?? '');
    response.end();
  });
  adobe.failNext({ httpStatus: 302, headers: { location: `${trap.origin}/metadata` } });
  await probe({ validationUrl: adobe.askForValidation().url });
  await eventually(() => adobe.requests.size === 1);
  const { url, confirmed } = adobe.askForValidation();
  await eventually(async () => {
    await probe({ validationUrl: url });
    return confirmed();
  });
  expect(elsewhere).toEqual([]);
  await trap.close();
});

it('opens one URL at a time, and five a minute', async () => {
  adobe.failNext({ delayMs: 300 });
  const url = (): string => adobe.askForValidation().url;
  expect(await Promise.all([1, 2, 3].map(() => probe({ validationUrl: url() })))).toEqual([200, 200, 200]);
  await eventually(() => adobe.requests.size === 1);
  await eventually(async () => {
    await probe({ validationUrl: url() });
    return adobe.requests.size >= 5;
  });
  for (let more = 0; more < 5; more += 1) expect(await probe({ validationUrl: url() })).toBe(200);
  expect(adobe.requests.size).toBe(5);
});

it('takes no deliveries for a source whose journal is the only way in', async () => {
  const body = JSON.stringify(activity('a1'));
  const response = await fetch(`${door.origin}/ingest/adobe/journal-only`, {
    method: 'POST',
    body,
    headers: signed(body),
  });
  expect([response.status, await response.json()]).toEqual([
    404,
    {
      error: 'no_webhook',
      message: 'Source "journal-only" takes no deliveries: its events are read from Adobe\'s journal.',
    },
  ]);
  expect(await probe({ validationUrl: adobe.askForValidation().url }, 'journal-only')).toBe(404);
  expect([store.batches, adobe.requests.size]).toEqual([[], 0]);
});
