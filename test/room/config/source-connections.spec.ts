import { insecureSources } from '../../../src/config/insecure-sources.js';
import type { SourceConnection } from '../../../src/contracts/connections.js';
import { ConnectionsFile } from './connections-file.js';

const IMS =
  '"ims": { "orgId": "1@AdobeOrg", "clientSecret": { "env": "ADOBE_CLIENT_SECRET" }, "scope": "openid" }';
const ADOBE = '"kind": "adobe", "clientId": "c"';
const HMAC = '"scheme": "hmac", "header": "x-sign", "secrets": [{ "env": "CRM_API_KEY" }]';
const WEBHOOK = '"kind": "webhook", "event": { "type": "com.acme.x" }';

describe('sources in the connections file', () => {
  let file: ConnectionsFile;
  beforeEach(() => {
    file = new ConnectionsFile();
  });
  afterEach(() => {
    file.remove();
  });

  const complaint = (members: string): Promise<string> =>
    file.complaint(`{ "sources": { "s": { ${members} } } }`);
  const read = async (members: string): Promise<SourceConnection> => {
    const { sources } = await file.load(`{ "sources": { "s": { ${members} } } }`);
    return sources['s'] as SourceConnection;
  };

  describe('nested members', () => {
    it('are told with line, column and path, with the nearest right word', async () => {
      const said = await file.complaint(`{
  "sources": {
    "io": {
      "kind": "adobe", "clientId": "c",
      "ims": { "orgID": "1@AdobeOrg", "clientSecret": "geheim", "scope": "" },
      "journal": "https://a.example"
    },
    "shop": {
      "kind": "webhook",
      "verify": { "scheme": "hmca", "header": "x" },
      "event": { "typ": "x" }
    }
  }
}`);
      expect(said.split('\n')).toEqual([
        'c.json:5:16: sources.io.ims.orgID: there is no member "orgID", only orgId, clientSecret, scope, tokenUrl; did you mean "orgId"?',
        expect.stringMatching(
          /^c\.json:5:39: sources\.io\.ims\.clientSecret: clientSecret is a secret and must not/,
        ),
        expect.stringMatching(
          /^c\.json:5:7: sources\.io\.ims\.orgId: it is missing: give the organisation id/,
        ),
        expect.stringMatching(/^c\.json:5:65: sources\.io\.ims\.scope: give the scopes/),
        'c.json:6:7: sources.io.journal: give an object with url and startAt',
        'c.json:10:19: sources.shop.verify.scheme: there is no scheme "hmca", only standard-webhooks, hmac, shared-secret; did you mean "hmac"?',
        'c.json:11:18: sources.shop.event.typ: there is no member "typ", only id, type, source, subject, time, data; did you mean "type"?',
        expect.stringMatching(
          /^c\.json:11:7: sources\.shop\.event\.type: it is missing: give the type of the event/,
        ),
      ]);
    });

    it.each([
      [
        `"kind": "webhook", "insecure": true`,
        'sources.s.event: it is missing: give an object that makes an event',
      ],
      [
        `${WEBHOOK}, "verify": {}`,
        'sources.s.verify.scheme: it is missing: give one of standard-webhooks, hmac',
      ],
      [
        `${WEBHOOK}, "verify": { "scheme": 1 }`,
        'sources.s.verify.scheme: give one of standard-webhooks, hmac',
      ],
      [`${WEBHOOK}, "verify": "hmac"`, 'sources.s.verify: give an object with a scheme'],
      [`${ADOBE}, "ims": null`, 'sources.s.ims: null says nothing: give a value, or leave it out'],
      ['"kind": "marketo", "token": null', 'sources.s.token: null says nothing'],
      ['"clientId": "c"', 'sources.s.kind: it is missing: give one of adobe, marketo, events, webhook'],
    ])('%s: %s', async (members, sentence) => {
      expect(await complaint(members)).toContain(sentence);
    });
  });

  describe('secrets', () => {
    it('are references in lists too, each told by its place', async () => {
      const said = await complaint(
        `${WEBHOOK}, "verify": { "scheme": "hmac", "header": "x", "secrets": [{ "env": "CRM_API_KEY" }, "geheim", { "file": "gone" }] }`,
      );
      expect(said.split('\n')).toEqual([
        expect.stringMatching(
          /sources\.s\.verify\.secrets\.1: secrets is a secret and must not stand in this file/,
        ),
        expect.stringMatching(/sources\.s\.verify\.secrets\.2: the file gone cannot be read \(ENOENT\)/),
      ]);
      expect(said).not.toContain('geheim');
    });

    it('come from variables and files', async () => {
      file.secret('b', 'from-file\n');
      expect(
        await read(
          `${WEBHOOK}, "verify": { "scheme": "hmac", "header": "x", "secrets": [{"env":"CRM_API_KEY"},{"file":"b"}] }`,
        ),
      ).toMatchObject({ verify: { secrets: ['crm-key', 'from-file'] } });
    });

    it.each([
      ['"secrets": []', 'give a list of secrets'],
      ['"secrets": { "env": "CRM_API_KEY" }', 'give a list of secrets'],
      ['"prefix": "x"', 'secrets: it is missing: give a list of secrets'],
    ])('%s', async (members, sentence) => {
      const verify = `{ "scheme": "hmac", "header": "x-y", ${members} }`;
      expect(await complaint(`${WEBHOOK}, "verify": ${verify}`)).toContain(sentence);
    });
  });

  describe('expectEvery', () => {
    it.each([
      ['2h', 7_200_000],
      ['never', 0],
    ])('%s', async (text, expectEveryMs) => {
      const source = await read(`"kind": "events", "expectEvery": "${text}"`);
      expect(source).toEqual({ kind: 'events', expectEveryMs });
    });

    it.each(['"0h"', '"2 hours"', '7200', '"Never"', '""'])('is not %s', async (value) => {
      expect(await complaint(`"kind": "events", "expectEvery": ${value}`)).toContain(
        'sources.s.expectEvery: give a whole number and one of s, m, h, d, w, such as "2h", or "never"',
      );
    });
  });

  describe('who may send', () => {
    it.each([
      [
        '"kind": "marketo"',
        'sources.s: give token or oauth, or "insecure": true to take deliveries of anybody',
      ],
      ['"kind": "marketo", "insecure": false', 'sources.s: give token or oauth, or "insecure": true'],
      [
        '"kind": "marketo", "token": { "env": "CRM_API_KEY" }, "oauth": { "jwksUrl": "https://a", "issuer": "a", "audience": "b" }',
        'sources.s.oauth: give token or oauth, not both',
      ],
      [
        '"kind": "marketo", "token": { "env": "CRM_API_KEY" }, "insecure": true',
        'sources.s.insecure: "insecure": true takes deliveries of anybody: leave it out, or leave token out',
      ],
      ['"kind": "events", "apiKey": { "env": "CRM_API_KEY" }, "insecure": true', 'or leave apiKey out'],
      [WEBHOOK, 'sources.s: give verify, or "insecure": true to take deliveries of anybody'],
      [`${WEBHOOK}, "insecure": true, "verify": { ${HMAC} }`, 'or leave verify out'],
      ['"kind": "marketo", "insecure": "yes"', 'sources.s.insecure: give true or false'],
      [`${ADOBE}, "insecure": true`, 'there is no member "insecure"'],
    ])('%s: %s', async (members, sentence) => {
      expect(await complaint(members)).toContain(sentence);
    });

    it('need not be told of an events source, for which keys can be made', async () => {
      expect(await read('"kind": "events"')).toEqual({ kind: 'events' });
    });

    it('is told at start where it is anybody', async () => {
      const connections = await file.load(`{ "sources": {
        "push": { "kind": "marketo", "insecure": true },
        "crm": { "kind": "events", "insecure": true },
        "shop": { ${WEBHOOK}, "insecure": true },
        "io": { ${ADOBE} },
        "keys": { "kind": "events", "insecure": false }
      } }`);
      expect(insecureSources(connections)).toEqual([
        'Source push is insecure: whoever reaches /ingest/marketo/push can make rules act. Give it token or oauth, or let nobody else reach it.',
        'Source crm is insecure: whoever reaches /ingest/events/crm can make rules act. Give it apiKey, or let nobody else reach it.',
        'Source shop is insecure: whoever reaches /ingest/webhook/shop can make rules act. Give it verify, or let nobody else reach it.',
      ]);
    });

    it('is never Signalman itself', async () => {
      expect(await file.complaint('{ "sources": { "signalman": { "kind": "events" } } }')).toBe(
        'c.json:1:16: sources.signalman: signalman is the name of our own source: give it another name',
      );
    });
  });

  describe('oauth of a marketo source', () => {
    const oauth = (members: string): Promise<string> =>
      complaint(`"kind": "marketo", "oauth": { ${members} }`);

    it('can be an introspection', async () => {
      const members =
        '"introspectionUrl": "http://127.0.0.1:9/i", "clientId": "c", "clientSecret": { "env": "CRM_API_KEY" }';
      expect(await read(`"kind": "marketo", "oauth": { ${members} }`)).toEqual({
        kind: 'marketo',
        oauth: { introspectionUrl: 'http://127.0.0.1:9/i', clientId: 'c', clientSecret: 'crm-key' },
      });
    });

    it.each([
      [
        '"issuer": "a"',
        'sources.s.oauth: give jwksUrl, issuer and audience, or introspectionUrl, clientId, clientSecret and audience',
      ],
      ['"jwksUri": "https://a"', 'there is no member "jwksUri", only jwksUrl, issuer, audience'],
      ['"jwksUri": "https://a"', 'did you mean "jwksUrl"?'],
      ['"jwksUrl": "https://a", "introspectionUrl": "https://b"', 'not both'],
      ['"jwksUrl": "https://a", "clientId": "b"', 'sources.s.oauth.clientId: there is no member "clientId"'],
      [
        '"jwksUrl": "http://login.acme.example/keys"',
        'sources.s.oauth.jwksUrl: give the URL of the identity',
      ],
      ['"jwksUrl": "https://u:p@login.acme.example/keys"', 'which begins with https://'],
      ['"introspectionUrl": "http://10.0.0.1/i"', 'http:// only on this machine'],
    ])('is not %s: %s', async (members, sentence) => {
      expect(await oauth(members)).toContain(sentence);
    });
  });

  describe('what an adobe source reads of Adobe', () => {
    const JOURNAL = '"journal": { "url": "https://events.acme.example/1" }';

    it.each([
      [
        `${ADOBE}, ${JOURNAL}, "registrationUrl": "https://api.adobe.io/r"`,
        'sources.s.ims: it is missing: journal and registrationUrl cannot be read without it: give orgId',
      ],
      [
        `${ADOBE}, ${IMS}, "webhook": false`,
        'sources.s.journal: it is missing: "webhook": false leaves no other way in',
      ],
      [
        `${ADOBE}, ${IMS}, "journal": { "url": "http://events.acme.example" }`,
        'sources.s.journal.url: give the URL',
      ],
      [
        `${ADOBE}, ${IMS}, "journal": { "url": "https://a", "startAt": "now" }`,
        'sources.s.journal.startAt: give "latest"',
      ],
      [`${ADOBE}, ${IMS}, "registrationUrl": "ftp://a"`, 'sources.s.registrationUrl: give the URL'],
      [
        `${ADOBE}, ${IMS.replace('"scope"', '"tokenUrl": "http://a.example", "scope"')}`,
        'sources.s.ims.tokenUrl',
      ],
      [`${ADOBE}, "munchkinIds": ["123"]`, 'sources.s.munchkinIds: give a list of Munchkin ids'],
      [`${ADOBE}, "munchkinIds": []`, 'sources.s.munchkinIds: give at least one'],
    ])('%s: %s', async (members, sentence) => {
      expect(await complaint(members)).toContain(sentence);
    });

    it('may be the journal alone', async () => {
      expect(await read(`${ADOBE}, ${IMS}, ${JOURNAL}, "webhook": false`)).toMatchObject({
        webhook: false,
        journal: { url: 'https://events.acme.example/1', startAt: 'latest' },
      });
    });
  });

  describe('how a webhook becomes an event', () => {
    const event = (members: string): Promise<string> =>
      complaint(`"kind": "webhook", "insecure": true, "event": { ${members} }`);

    it.each([
      [
        '"type": "com.acme.{event}"',
        'sources.s.event.type: give the type of the event, such as com.acme.shop.{$.event}: "{event}" is no placeholder: did you mean {$.event}?',
      ],
      [
        '"type": "a", "id": "{headers.X-Id}"',
        'sources.s.event.id: give a text with placeholders such as {$.order.id}: "{headers.X-Id}" is no placeholder: did you mean {header.x-id}?',
      ],
      ['"type": "a", "time": "{$.at"', 'the placeholder "{$.at" does not end: its "}" is missing'],
      ['"type": "a", "data": "payload"', '"payload" is no path: did you mean $.payload?'],
      [
        '"type": { "env": "ADOBE_CLIENT_SECRET" }, "data": { "env": "CRM_API_KEY" }',
        'sources.s.event.data: give the text itself here, not a reference',
      ],
      ['"type": ""', 'sources.s.event.type: give the type of the event'],
      ['"type": 7', 'sources.s.event.type: give the type of the event'],
      ['"type": "marketo.activity.{$.a}"', 'types that begin with marketo. or signalman. are reserved'],
    ])('%s: %s', async (members, sentence) => {
      expect(await event(members)).toContain(sentence);
    });
  });

  describe('an HMAC', () => {
    const hmac = (members: string): Promise<string> =>
      complaint(`${WEBHOOK}, "verify": { ${HMAC}, ${members} }`);

    it('may be of more than the body', async () => {
      const members =
        '"signed": "v0:{header.X-Time}:{body}", "timestampHeader": "x-time", "algorithm": "sha512", "encoding": "base64"';
      expect(await read(`${WEBHOOK}, "verify": { ${HMAC}, ${members} }`)).toMatchObject({
        verify: { signed: 'v0:{header.X-Time}:{body}', timestampHeader: 'x-time', prefix: '' },
      });
    });

    it.each([
      [
        '"signed": "{header.x-id}"',
        'sources.s.verify.signed: the body is not signed: put {body} where it stands',
      ],
      ['"signed": "{$.a}{body}"', 'sources.s.verify.signed: give what is signed'],
      [
        '"timestampHeader": "X-Time"',
        'sources.s.verify.signed: the time is not signed: put {header.x-time} where it stands, or leave timestampHeader out',
      ],
      ['"algorithm": "md5"', 'give one of sha1, sha256, sha512'],
      ['"encoding": "base32"', 'give one of hex, base64'],
      ['"timestampHeader": "x y"', 'give the name of the header with the time'],
      ['"prefix": 7', 'give what stands before the signature'],
    ])('%s: %s', async (members, sentence) => {
      expect(await hmac(members)).toContain(sentence);
    });
  });

  it.each(['[]', '["a*b"]', '[""]', '"/crm"', '[1]'])('an events source has no senders %s', async (list) => {
    expect(await complaint(`"kind": "events", "allowedSources": ${list}`)).toContain(
      'sources.s.allowedSources: give ',
    );
  });
});
