import { Webhook } from 'standardwebhooks';
import type { Connections, HmacCheck } from '../../../src/contracts/connections.js';
import { vendorHeaders } from '../../support/vendor-webhook.js';
import { type DoorApp, MemoryStore, startDoor } from './door-app.js';

const SECRET = 'vendor-secret';
const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const HMAC: HmacCheck = {
  scheme: 'hmac',
  secrets: [SECRET],
  header: 'X-Hub-Signature-256',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  signed: '{body}',
};

const SOURCES: Connections['sources'] = {
  github: {
    kind: 'webhook',
    verify: HMAC,
    event: {
      id: '{header.x-github-delivery}',
      type: 'com.github.{header.x-github-event}.{$.action}',
      source: 'https://github.com/{$.repository.full_name}',
      time: '{$.issue.updated_at}',
    },
  },
  slack: {
    kind: 'webhook',
    verify: {
      ...HMAC,
      header: 'X-Slack-Signature',
      prefix: 'v0=',
      signed: 'v0:{header.x-slack-request-timestamp}:{body}',
      timestampHeader: 'X-Slack-Request-Timestamp',
    },
    event: { id: '{$.event_id}', type: 'com.slack.{$.event.type}', time: '{$.event_time}', data: '$.event' },
  },
  standard: {
    kind: 'webhook',
    verify: { scheme: 'standard-webhooks', secrets: [WHSEC] },
    event: { id: '{header.webhook-id}', type: '{$.type}', data: '$.data' },
  },
  plain: {
    kind: 'webhook',
    verify: { scheme: 'shared-secret', header: 'X-Webhook-Secret', secrets: [SECRET] },
    event: { type: 'com.acme.plain' },
  },
  open: { kind: 'webhook', insecure: true, event: { type: '{$.type}' } },
  unsaid: { kind: 'webhook', event: { type: 'com.acme.unsaid' } },
};

const ISSUE = {
  action: 'opened',
  repository: { full_name: 'acme/site' },
  issue: { updated_at: '2026-05-04T10:00:00Z' },
};
const MENTION = { event_id: 'Ev1', event_time: 1777888800, event: { type: 'app_mention', text: 'Grüße' } };

describe('the door for webhooks of other vendors', () => {
  let store: MemoryStore;
  let door: DoorApp;

  beforeAll(async () => {
    store = new MemoryStore();
    door = await startDoor('http://127.0.0.1:1', { store }, { sources: SOURCES });
  });
  beforeEach(() => {
    store.batches.length = 0;
    store.fail = false;
  });
  afterAll(async () => {
    await door.app.close();
  });

  async function post(
    name: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<{ status: number; error?: string; message?: string }> {
    const response = await fetch(`${door.origin}/ingest/webhook/${name}`, {
      method: 'POST',
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      headers,
    });
    return { status: response.status, ...((await response.json()) as object) };
  }
  const stored = (): unknown => JSON.parse(store.texts[0] ?? 'null') as unknown;

  it('takes a webhook of GitHub’s form with 202, as a CloudEvent', async () => {
    const text = JSON.stringify(ISSUE);
    const headers = {
      ...vendorHeaders('github', text, SECRET, Date.now()),
      authorization: 'Bearer not-for-events',
    };
    expect((await post('github', text, headers)).status).toBe(202);
    expect(store.batches[0]).toMatchObject({
      source: 'github',
      kind: 'webhook',
      route: 'webhook',
      mode: 'live',
    });
    expect(stored()).toEqual({
      specversion: '1.0',
      id: headers['x-github-delivery' as keyof typeof headers],
      type: 'com.github.issues.opened',
      source: 'https://github.com/acme/site',
      time: '2026-05-04T10:00:00Z',
      datacontenttype: 'application/json',
      data: ISSUE,
    });
    expect(store.texts[0]).not.toMatch(/not-for-events|sha256=/);
  });

  it('takes a webhook of Slack’s form, signed with the time of sending', async () => {
    const text = JSON.stringify(MENTION);
    expect((await post('slack', text, vendorHeaders('slack', text, SECRET, Date.now()))).status).toBe(202);
    expect(stored()).toMatchObject({
      id: 'Ev1',
      type: 'com.slack.app_mention',
      source: 'slack',
      time: '2026-05-04T10:00:00.000Z',
      data: MENTION.event,
    });
    const old = vendorHeaders('slack', text, SECRET, Date.now() - 6 * 60_000);
    expect(await post('slack', text, old)).toMatchObject({ status: 401, error: 'invalid_signature' });
  });

  it('takes Standard Webhooks, also as the reference library signs them', async () => {
    const text = JSON.stringify({ type: 'contact.created', data: { email: 'pat@acme.example' } });
    const headers = vendorHeaders('standard-webhooks', text, WHSEC, Date.now());
    expect((await post('standard', text, headers)).status).toBe(202);
    const at = new Date();
    const reference = {
      'content-type': 'application/json',
      'webhook-id': 'msg_ref',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(WHSEC).sign('msg_ref', at, text),
    };
    expect((await post('standard', text, reference)).status).toBe(202);
    expect(store.texts.map((each) => (JSON.parse(each) as { id: string }).id)).toEqual([
      headers['webhook-id'],
      'msg_ref',
    ]);
    expect(stored()).toMatchObject({ type: 'contact.created', data: { email: 'pat@acme.example' } });
  });

  it('takes a shared secret, which stays out of the event; and everything where the file says insecure', async () => {
    const headers = vendorHeaders('shared-secret', '', SECRET, Date.now());
    expect((await post('plain', { a: 1 }, headers)).status).toBe(202);
    expect(store.texts[0]).not.toContain(SECRET);
    expect((await post('open', { type: 'com.acme.any' }, {})).status).toBe(202);
  });

  it.each<[string, string, () => Record<string, string>]>([
    ['github', 'no signature', () => ({})],
    ['github', 'a forged one', () => vendorHeaders('github', JSON.stringify(ISSUE), 'guess', 0)],
    ['github', 'one of another body', () => vendorHeaders('github', '{}', SECRET, 0)],
    ['github', 'an empty one', () => ({ 'x-hub-signature-256': 'sha256=' })],
    ['github', 'a huge one', () => ({ 'x-hub-signature-256': `sha256=${'a'.repeat(10_000)}` })],
    [
      'github',
      'one of another scheme',
      () => vendorHeaders('standard-webhooks', JSON.stringify(ISSUE), WHSEC, Date.now()),
    ],
    ['standard', 'one for another vendor', () => vendorHeaders('github', JSON.stringify(ISSUE), SECRET, 0)],
    ['plain', 'a guess', () => ({ 'x-webhook-secret': 'guess' })],
    ['unsaid', 'nothing said in the file', () => ({})],
  ])('source %s refuses %s with 401 and stores nothing', async (name, _case, headers) => {
    expect(await post(name, ISSUE, headers())).toMatchObject({ status: 401, error: 'invalid_signature' });
    expect(store.batches).toEqual([]);
  });

  it('stops whoever guesses a shared secret, and not the one who has it', async () => {
    const own = vendorHeaders('shared-secret', '', SECRET, Date.now());
    expect((await post('plain', {}, own)).status).toBe(202);
    const guesses: number[] = [];
    for (let n = 0; n < 30; n += 1)
      guesses.push((await post('plain', {}, { 'x-webhook-secret': `guess-${n}` })).status);
    expect([guesses[0], guesses.at(-1)]).toEqual([401, 429]);
    expect((await post('plain', {}, own)).status).toBe(202);
  });

  it.each<[string, unknown, string]>([
    ['a form', 'a=1', 'not JSON'],
    ['no text', new Uint8Array([0x22, 0xff, 0x22]), 'UTF-8'],
    ['no type', { kind: 'x' }, '{$.type}'],
    ['an empty type', { type: '' }, '{$.type}'],
    ['a type of Marketo', { type: 'marketo.activity.newlead' }, 'reserved'],
    ['a type of our own', { type: 'signalman.stream.silent' }, 'reserved'],
    ['an endless type', { type: 'x'.repeat(300) }, '256'],
    ['half a body', '[[[', 'not JSON'],
    ['100,000 levels', '['.repeat(100_000), 'nested deeper'],
  ])('answers 400 to %s, saying what is wrong', async (_case, body, word) => {
    const answer = await post('open', body, {});
    expect([answer.status, answer.error]).toEqual([400, 'invalid_event']);
    expect(answer.message).toContain(word);
    expect(store.batches).toEqual([]);
  });

  it('answers 503 when it cannot store, 400 to no body, 404 to no such source', async () => {
    store.fail = true;
    expect((await post('open', { type: 'a.b' }, {})).status).toBe(503);
    expect((await post('open', '', {})).status).toBe(400);
    expect((await post('nobody', {}, {})).status).toBe(404);
    expect((await post('crm', {}, {})).status).toBe(404);
  });

  it('answers a vendor that looks whether somebody is there', async () => {
    const response = await fetch(`${door.origin}/ingest/webhook/github`);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect((await fetch(`${door.origin}/ingest/webhook/nobody`)).status).toBe(404);
  });
});
