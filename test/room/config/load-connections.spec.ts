import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { loadConnections } from '../../../src/config/load-connections.js';

const ENV = {
  MARKETO_PUSH_TOKEN: 'push-token',
  CRM_API_KEY: 'crm-key',
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/X',
  SMTP_URL: 'smtp://127.0.0.1:2525',
  MARKETO_CLIENT_SECRET: 'marketo-secret',
};
const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('loadConnections', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalman-connections-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const load = async (text: string) => {
    const file = join(folder, 'c.json');
    writeFileSync(file, text);
    return loadConnections(file, ENV);
  };
  /** What is said about the text, without the folder. */
  const complaint = async (text: string): Promise<string> => {
    try {
      await load(text);
    } catch (error) {
      return (error as Error).message.replaceAll(`${folder}/`, '');
    }
    throw new Error('It was accepted.');
  };

  it('accepts the example, with its references followed and its defaults filled in', async () => {
    mkdirSync(join(folder, 'secrets'));
    writeFileSync(join(folder, 'secrets', 'webhook'), `${WEBHOOK_SECRET}\n`);
    const connections = await load(readFileSync(resolve('connections.example.json'), 'utf8'));
    expect(connections).toEqual({
      sources: {
        'marketo-io': {
          kind: 'adobe',
          clientId: '4ab33463139e4f96b851589286cd46e4',
          keyOrigin: 'https://static.adobeioevents.com',
        },
        'marketo-push': { kind: 'marketo', token: 'push-token' },
        crm: { kind: 'events', apiKey: 'crm-key' },
      },
      destinations: {
        ops: { kind: 'slack', webhookUrl: ENV.SLACK_WEBHOOK_URL, apiOrigin: 'https://slack.com' },
        oncall: {
          kind: 'email',
          smtpUrl: ENV.SMTP_URL,
          from: 'Signalman <signalman@acme.example>',
          to: ['marketing-ops@acme.example'],
        },
        receiver: {
          kind: 'webhook',
          url: 'https://hooks.acme.example/signalman',
          secret: WEBHOOK_SECRET,
          allowPrivateAddresses: false,
        },
        marketo: {
          kind: 'marketo',
          munchkinId: '123-ABC-456',
          origin: 'https://123-ABC-456.mktorest.com',
          clientId: '7f2d7d5c-9f2a-4b52-8b0c-1f0d6c5a3e11',
          clientSecret: 'marketo-secret',
        },
      },
    });
    expect(Object.isFrozen(connections?.destinations['ops'])).toBe(true);
  });

  it('is undefined when there is no file', async () => {
    expect(await loadConnections(join(folder, 'none.json'), ENV)).toBeUndefined();
  });

  it('refuses a secret in the open, without repeating it', async () => {
    const said = await complaint('{ "sources": { "crm": { "kind": "events", "apiKey": "geheim" } } }');
    expect(said).toBe(
      'c.json:1:43: sources.crm.apiKey: apiKey is a secret and must not stand in this file: write ' +
        '{ "env": "THE_VARIABLE" } or { "file": "./secrets/the-file" } instead',
    );
  });

  it.each([
    ['{ "env": "NOT_SET" }', 'sources.crm.apiKey: the environment variable NOT_SET is not set'],
    ['{ "file": "./nowhere" }', 'sources.crm.apiKey: the file nowhere cannot be read (ENOENT)'],
    ['{ "env": "CRM_API_KEY", "file": "x" }', 'apiKey is a secret and must not stand in this file'],
  ])('names what %s misses', async (reference, sentence) => {
    expect(await complaint(`{"sources": {"crm": {"kind": "events", "apiKey": ${reference}}}}`)).toContain(
      sentence,
    );
  });

  it('names the nearest right word of a member and of a kind, with line and column', async () => {
    const said = await complaint(`{
  "source": {},
  "destinations": {
    "ops": { "kind": "slak" },
    "receiver": { "kind": "webhook", "uri": "https://a.example" }
  }
}`);
    expect(said.split('\n')).toEqual([
      'c.json:2:3: source: there is no member "source", only sources, destinations; did you mean "sources"?',
      'c.json:4:14: destinations.ops.kind: there is no kind "slak", only slack, email, webhook, marketo; did you mean "slack"?',
      'c.json:5:38: destinations.receiver.uri: there is no member "uri", only kind, url, secret, allowPrivateAddresses; did you mean "url"?',
      expect.stringMatching(/^c\.json:5:5: destinations\.receiver\.url: it is missing: give a URL such as/),
      expect.stringMatching(/^c\.json:5:5: destinations\.receiver\.secret: it is missing/),
    ]);
  });

  it.each([
    ['{ "kind": "slack" }', 'botToken: it is missing: give a bot token with a channel, or a webhookUrl'],
    ['{ "kind": "slack", "botToken": { "env": "CRM_API_KEY" } }', 'channel: it is missing'],
    [
      '{ "kind": "slack", "webhookUrl": { "env": "SLACK_WEBHOOK_URL" }, "apiOrigin": "http://slack.com" }',
      'https://host without a path',
    ],
    [
      '{ "kind": "webhook", "url": "ftp://a", "secret": { "env": "CRM_API_KEY" } }',
      'give a Standard Webhooks secret',
    ],
    [
      '{ "kind": "email", "smtpUrl": { "env": "SMTP_URL" }, "from": "a@b", "to": [] }',
      'a list of at least one mail address',
    ],
    [
      '{ "kind": "marketo", "munchkinId": "1", "clientId": "a", "clientSecret": { "env": "CRM_API_KEY" } }',
      'the Munchkin id',
    ],
    ['[]', 'give an object with a kind'],
    ['{ "kind": "toString" }', 'there is no kind "toString"'],
  ])('refuses the destination %s', async (destination, sentence) => {
    expect(await complaint(`{ "destinations": { "d": ${destination} } }`)).toContain(sentence);
  });

  it('refuses text that is not JSON, where it is not', async () => {
    expect(await complaint('{\n  "sources" {}\n}')).toContain(
      'c.json:2:13: a colon is missing between the name and its value',
    );
    expect(await complaint('')).toContain('c.json:1:1: a value is missing here');
    expect(await complaint('[]')).toContain('give an object with sources and destinations');
  });
});
