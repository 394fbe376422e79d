import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { loadConnections } from '../../../src/config/load-connections.js';
import { Failure } from '../../../src/contracts/failure.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { ConnectionsFile, ENV, WEBHOOK_SECRET } from './connections-file.js';

describe('loadConnections', () => {
  let file: ConnectionsFile;
  beforeEach(() => {
    file = new ConnectionsFile();
  });
  afterEach(() => {
    file.remove();
  });

  it('accepts the example, with its references followed and its defaults filled in', async () => {
    file.secret('secrets/webhook', `${WEBHOOK_SECRET}\n`);
    file.secret('secrets/forms', 'forms-secret\r\n');
    const connections = await file.load(readFileSync(resolve('connections.example.json'), 'utf8'));
    expect(connections).toEqual({
      sources: {
        'marketo-io': {
          kind: 'adobe',
          clientId: '4ab33463139e4f96b851589286cd46e4',
          keyOrigin: 'https://static.adobeioevents.com',
          validationOrigin: 'https://csm.adobe.io',
          munchkinIds: ['123-ABC-456'],
          ims: {
            orgId: '0123456789ABCDEF01234567@AdobeOrg',
            clientSecret: 'adobe-secret',
            scope: 'AdobeID,openid,read_organizations,adobeio_api',
            tokenUrl: 'https://ims-na1.adobelogin.com/ims/token/v3',
          },
          journal: {
            url: 'https://events-va6.adobe.io/events/organizations/1/integrations/2/3',
            startAt: 'latest',
          },
          registrationUrl: 'https://api.adobe.io/events/1/2/3/registrations/4',
          expectEveryMs: 7_200_000,
        },
        'marketo-push': { kind: 'marketo', token: 'push-token' },
        'marketo-push-oauth': {
          kind: 'marketo',
          oauth: {
            jwksUrl: 'https://login.acme.example/.well-known/jwks.json',
            issuer: 'https://login.acme.example/',
            audience: 'signalman',
          },
        },
        crm: { kind: 'events', apiKey: 'crm-key', allowedSources: ['https://crm.acme.example'] },
        github: {
          kind: 'webhook',
          verify: {
            scheme: 'hmac',
            header: 'X-Hub-Signature-256',
            prefix: 'sha256=',
            secrets: ['github-secret'],
            algorithm: 'sha256',
            encoding: 'hex',
            signed: '{body}',
          },
          event: {
            type: 'com.github.{header.x-github-event}',
            source: '{$.repository.full_name}',
          },
          expectEveryMs: 0,
        },
        shop: {
          kind: 'webhook',
          verify: { scheme: 'standard-webhooks', secrets: [WEBHOOK_SECRET] },
          event: {
            id: '{header.webhook-id}',
            type: 'com.acme.shop.{$.type}',
            subject: 'order/{$.data.order.id}',
            time: '{$.timestamp}',
            data: '$.data',
          },
        },
        forms: {
          kind: 'webhook',
          verify: { scheme: 'shared-secret', header: 'x-token', secrets: ['forms-secret'] },
          event: { type: 'com.acme.form.submitted', subject: '{$.answers[0].email}' },
        },
      },
      destinations: {
        ops: { kind: 'slack', webhookUrl: ENV.SLACK_WEBHOOK_URL, apiOrigin: 'https://slack.com' },
        'ops-bot': {
          kind: 'slack',
          botToken: ENV.SLACK_BOT_TOKEN,
          channel: '#marketing-ops',
          apiOrigin: 'https://slack.com',
        },
        oncall: {
          kind: 'email',
          smtpUrl: ENV.SMTP_URL,
          from: 'Signalman <signalman@acme.example>',
          to: ['marketing-ops@acme.example'],
          bounces: 'bounces@acme.example',
          unsubscribe: 'mailto:marketing-ops@acme.example?subject=unsubscribe',
          perRecipient: { everyMs: 360_000, burst: 10 },
        },
        receiver: {
          kind: 'webhook',
          url: 'https://hooks.acme.example/signalman',
          method: 'POST',
          secrets: [WEBHOOK_SECRET],
          headers: { 'x-tenant': 'acme' },
          allowPrivateAddresses: false,
          lane: { pace: { everyMs: 20, burst: 50 }, atOnce: 8 },
        },
        marketo: {
          kind: 'marketo',
          munchkinId: '123-ABC-456',
          origin: 'https://123-ABC-456.mktorest.com',
          clientId: '7f2d7d5c-9f2a-4b52-8b0c-1f0d6c5a3e11',
          clientSecret: 'marketo-secret',
          dailyCalls: 50_000,
          lookUps: { perDay: 5_000 },
          usagePollMs: 300_000,
        },
      },
    });
    expect(Object.isFrozen(connections.destinations['ops'])).toBe(true);
  });

  it('is undefined when there is no file', async () => {
    expect(await loadConnections(join(file.folder, 'none.json'), ENV)).toBeUndefined();
  });

  it('refuses a secret in the open, without repeating it', async () => {
    const said = await file.complaint('{ "sources": { "crm": { "kind": "events", "apiKey": "geheim" } } }');
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
    expect(
      await file.complaint(`{"sources": {"crm": {"kind": "events", "apiKey": ${reference}}}}`),
    ).toContain(sentence);
  });

  it('names the nearest right word of a member and of a kind, with line and column', async () => {
    const said = await file.complaint(`{
  "source": {},
  "destinations": {
    "ops": { "kind": "slak" },
    "receiver": { "kind": "webhook", "uri": "https://a.example" }
  }
}`);
    expect(said.split('\n')).toEqual([
      'c.json:2:3: source: there is no member "source", only sources, destinations; did you mean "sources"?',
      'c.json:4:14: destinations.ops.kind: there is no kind "slak", only slack, email, webhook, marketo; did you mean "slack"?',
      'c.json:5:38: destinations.receiver.uri: there is no member "uri", only kind, url, method, secret, secrets, headers, tls, lane, allowPrivateAddresses; did you mean "url"?',
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
    expect(await file.complaint(`{ "destinations": { "d": ${destination} } }`)).toContain(sentence);
  });

  describe('what a Marketo destination may say of the calls of the day', () => {
    const marketo = (members: string) =>
      `{ "destinations": { "m": { "kind": "marketo", "munchkinId": "123-ABC-456", "clientId": "a", "clientSecret": { "env": "CRM_API_KEY" }, ${members} } } }`;

    it.each([
      ['"usagePoll": "off"', { usagePollMs: 0 }],
      ['"usagePoll": "1h", "lookUps": { "perDay": 0 }', { usagePollMs: 3_600_000, lookUps: { perDay: 0 } }],
      ['"dailyCalls": 1', { dailyCalls: 1 }],
      [
        '"calls": { "perWindow": 100, "reservePercent": 0 }',
        { calls: { perWindow: 100, reservePercent: 0 } },
      ],
      ['"calls": { "atOnce": 1 }', { calls: { atOnce: 1 } }],
    ])('%s', async (members, read) => {
      expect((await file.load(marketo(members))).destinations['m']).toMatchObject(read);
    });

    it.each([
      ['"dailyCalls": 0', 'dailyCalls: give how many API calls a day the subscription has'],
      ['"dailyCalls": "50000"', 'dailyCalls: give how many'],
      ['"lookUps": {}', 'lookUps.perDay: it is missing: give how many calls a day looking leads up may take'],
      ['"lookUps": 5000', 'lookUps: give an object with perDay'],
      ['"lookUps": { "perDay": -1 }', 'lookUps.perDay: give how many'],
      ['"lookUps": { "perDay": 0.5 }', 'lookUps.perDay: give how many'],
      ['"lookUps": { "perHour": 1 }', 'there is no member "perHour", only perDay'],
      ['"calls": { "perWindow": 101 }', 'calls.perWindow: give how many calls we may make within 20 seconds'],
      ['"calls": { "atOnce": 0 }', 'calls.atOnce: give how many calls we may make at once, from 1 to 10'],
      ['"calls": { "reservePercent": 51 }', 'calls.reservePercent: give which share of dailyCalls'],
      ['"calls": { "perDay": 1 }', 'there is no member "perDay"'],
      ['"usagePoll": "never"', 'usagePoll: give a whole number and one of m, h, such as "5m", or "off"'],
      ['"usagePoll": "30s"', 'usagePoll: give a whole number'],
    ])('not %s', async (members, sentence) => {
      expect(await file.complaint(marketo(members))).toContain(sentence);
    });
  });

  it('refuses text that is not JSON, where it is not', async () => {
    expect(await file.complaint('{\n  "sources" {}\n}')).toContain(
      'c.json:2:13: a colon is missing between the name and its value',
    );
    expect(await file.complaint('')).toContain('c.json:1:1: a value is missing here');
    expect(await file.complaint('[]')).toContain('give an object with sources and destinations');
  });

  it('refuses two connections of one name, of which one would be lost', async () => {
    const twins = '{ "sources": {\n "crm": { "kind": "events" },\n "crm": { "kind": "events" } } }';
    expect(await file.complaint(twins)).toBe(
      'c.json:3:2: "crm" stands twice in this object, and only the last would count',
    );
  });

  it('accepts a changed example or says of each problem where it is, and never shows a secret', async () => {
    file.secret('secrets/webhook', WEBHOOK_SECRET);
    file.secret('secrets/forms', 'forms-secret');
    const example = parse(readFileSync(resolve('connections.example.json'), 'utf8')) as JsonObject;
    const paths = pathsIn(example);
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        null,
        true,
        '',
        'x',
        {},
        [],
        { env: 'NOT_SET' },
        { env: 'CRM_API_KEY' },
      ),
      fc.jsonValue(),
    );
    const change = fc.tuple(fc.constantFrom(...paths), value);
    const changes = fc.array(change, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(changes, async (made) => {
        const changed = made.reduce<unknown>((before, [path, to]) => withChange(before, path, to), example);
        const text = JSON.stringify({ ...(changed as object) }, undefined, 2);
        const said = await file.load(text).then(
          () => '',
          (error: unknown) => {
            expect(error).toBeInstanceOf(Failure);
            return (error as Failure).message.replaceAll(`${file.folder}/`, '');
          },
        );
        for (const secret of Object.values(ENV)) expect(said).not.toContain(secret);
        for (const line of said.split('\n').filter((one) => one !== ''))
          expect(line).toMatch(/^c\.json:\d+:\d+: /);
      }),
    );
  });
});

/** The path of every value inside, that of the whole first. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner).map((path) => [name, ...path])),
  ];
}

function withChange(value: unknown, [name, ...rest]: readonly string[], to: unknown): unknown {
  if (name === undefined) return to;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((one: unknown, index) => (String(index) === name ? withChange(one, rest, to) : one));
  return { ...value, [name]: withChange((value as JsonObject)[name], rest, to) };
}
