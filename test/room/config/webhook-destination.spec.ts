import type { WebhookDestination } from '../../../src/contracts/connections.js';
import { Authority } from '../../support/certificates.js';
import { ConnectionsFile, WEBHOOK_SECRET } from './connections-file.js';

const URL_MEMBER = '"url": "https://hooks.acme.example/signalman"';
const SECRET = '"secret": { "env": "SHOP_WEBHOOK_SECRET" }';

describe('webhooks among the destinations of the connections file', () => {
  let file: ConnectionsFile;
  beforeEach(() => {
    file = new ConnectionsFile();
  });
  afterEach(() => {
    file.remove();
  });

  const textOf = (members: string): string =>
    `{ "destinations": { "d": { "kind": "webhook", ${members} } } }`;
  const complaint = (members: string): Promise<string> => file.complaint(textOf(members));
  const read = async (members: string): Promise<WebhookDestination> =>
    (await file.load(textOf(members))).destinations['d'] as WebhookDestination;

  it('need a URL and a secret', async () => {
    expect(await read(`${URL_MEMBER}, ${SECRET}`)).toEqual({
      kind: 'webhook',
      url: 'https://hooks.acme.example/signalman',
      method: 'POST',
      secrets: [WEBHOOK_SECRET],
      headers: {},
      allowPrivateAddresses: false,
    });
  });

  it('may have a URL that is a secret', async () => {
    expect(await read(`"url": { "env": "SLACK_WEBHOOK_URL" }, ${SECRET}`)).toMatchObject({
      url: 'https://hooks.slack.com/services/T/B/X',
      urlIsSecret: true,
    });
  });

  it('may have several secrets, another method, and headers, some of them by reference', async () => {
    file.secret('other', `${WEBHOOK_SECRET.slice(0, -1)}A\n`);
    const secrets = '"secrets": [{ "env": "SHOP_WEBHOOK_SECRET" }, { "file": "./other" }]';
    const headers =
      '"headers": { "X-Tenant": "acme", "Authorization": { "env": "CRM_API_KEY" }, "x-key": { "env": "MARKETO_PUSH_TOKEN" } }';
    expect(await read(`${URL_MEMBER}, ${secrets}, "method": "PUT", ${headers}`)).toMatchObject({
      method: 'PUT',
      secrets: [WEBHOOK_SECRET, `${WEBHOOK_SECRET.slice(0, -1)}A`],
      headers: { 'x-tenant': 'acme', authorization: 'crm-key', 'x-key': 'push-token' },
    });
  });

  it.each([
    [URL_MEMBER, 'destinations.d.secret: it is missing: give the Standard Webhooks secret'],
    [
      `${URL_MEMBER}, ${SECRET}, "secrets": [{ "env": "SHOP_WEBHOOK_SECRET" }]`,
      'secrets: give secret or secrets, not both',
    ],
    [`${URL_MEMBER}, "secrets": []`, 'secrets: give a list of Standard Webhooks secrets'],
    [
      `${URL_MEMBER}, "secrets": [{ "env": "CRM_API_KEY" }]`,
      'secrets: give a list of Standard Webhooks secrets: each is',
    ],
    [
      `${URL_MEMBER}, "secrets": ["${WEBHOOK_SECRET}"]`,
      'secrets.0: secrets is a secret and must not stand in this file',
    ],
    [`${URL_MEMBER}, ${SECRET}, "method": "GET"`, 'method: give one of POST, PUT, PATCH, DELETE'],
    [`"url": "https://me:pass@acme.example/", ${SECRET}`, 'url: give a URL such as'],
    [`"url": "https://", ${SECRET}`, 'url: give a URL such as'],
  ])('refuse %s', async (members, sentence) => {
    const said = await complaint(members);
    expect(said).toContain(sentence);
    expect(said).not.toContain(WEBHOOK_SECRET);
    expect(said.split('\n')).toHaveLength(1);
  });

  it('say once that a secret cannot be had', async () => {
    const said = await complaint(`${URL_MEMBER}, "secrets": [{ "env": "NOT_SET" }]`);
    expect(said).toMatch(
      /^c\.json:1:\d+: destinations\.d\.secrets\.0: the environment variable NOT_SET is not set$/,
    );
  });

  it.each([
    ['"Host": "acme.example"', 'headers.Host: Signalman sets this header itself'],
    ['"webhook-id": "1"', 'headers.webhook-id: Signalman sets this header itself'],
    ['"Webhook-Anything": "1"', 'Signalman sets this header itself'],
    ['"user-agent": "me"', 'Signalman sets this header itself'],
    ['"content-length": "1"', 'Signalman sets this header itself'],
    ['"Connection": "close"', 'this header is about the connection, not the request'],
    ['"transfer-encoding": "chunked"', 'this header is about the connection'],
    ['"x y": "1"', 'headers.x y: give the name of a header'],
    ['"": "1"', 'give the name of a header'],
    ['"x": ""', 'headers.x: give a text of one line'],
    ['"x": "a\\nb"', 'give a text of one line'],
    ['"x": "€"', 'give a text of one line'],
    ['"x": 7', 'give a text of one line'],
    ['"x": null', 'headers.x: null says nothing'],
    ['"x": { "env": "NOT_SET" }', 'headers.x: the environment variable NOT_SET is not set'],
    ['"x": { "env": "CRM_API_KEY", "more": 1 }', 'give a text of one line'],
    ['"x": "1", "X": "2"', 'headers.X: this header stands here twice'],
    ['"Authorization": "Bearer geheim"', 'Authorization is a secret and must not stand in this file'],
    ['"cookie": "geheim"', 'cookie is a secret and must not stand in this file'],
  ])('refuse the header %s', async (header, sentence) => {
    const said = await complaint(`${URL_MEMBER}, ${SECRET}, "headers": { ${header} }`);
    expect(said).toContain(sentence);
    expect(said).not.toContain('geheim');
    expect(said.split('\n')).toHaveLength(1);
  });

  it('refuse headers that are no object', async () => {
    expect(await complaint(`${URL_MEMBER}, ${SECRET}, "headers": ["x"]`)).toContain(
      'headers: give an object with names of your own',
    );
  });

  describe('with a certificate of their own', () => {
    const authority = new Authority('The authority');
    const client = authority.issue('Signalman');
    const tls = (members: string): string => `${URL_MEMBER}, ${SECRET}, "tls": { ${members} }`;
    const CERT = '"cert": { "file": "./client.pem" }';
    const KEY = '"key": { "file": "./client.key" }';
    const CA = '"ca": { "file": "./ca.pem" }';

    beforeEach(() => {
      file.secret('client.pem', client.cert + authority.cert);
      file.secret('client.key', client.key);
      file.secret('ca.pem', authority.cert);
      file.secret('other.key', authority.key);
      file.secret('torn.pem', client.cert.replace(/\n[^-]{10}/, '\n'));
    });

    it('take it, its key and the authorities from files', async () => {
      expect((await read(tls([CERT, KEY, CA].join()))).tls).toEqual({
        cert: (client.cert + authority.cert).trimEnd(),
        key: client.key.trimEnd(),
        ca: authority.cert.trimEnd(),
      });
      expect((await read(tls(CA))).tls).toEqual({ ca: authority.cert.trimEnd() });
    });

    it.each([
      [CERT, 'tls.key: it is missing: give the private key'],
      [KEY, 'tls.cert: it is missing: give the certificate that we show'],
      [`${CERT}, "key": { "file": "./other.key" }`, 'tls.key: give the private key of the certificate'],
      [`${CERT}, "key": { "file": "./ca.pem" }`, 'tls.key: give the private key of the certificate'],
      [`${CERT}, "key": "geheim"`, 'key is a secret and must not stand in this file'],
      [`"cert": { "file": "./client.key" }, ${KEY}`, 'tls.cert: give the certificate that we show as PEM'],
      [`"cert": { "file": "./torn.pem" }, ${KEY}`, 'tls.cert: give the certificate that we show as PEM'],
      [`"cert": { "file": "./none.pem" }, ${KEY}`, 'tls.cert: the file none.pem cannot be read (ENOENT)'],
      ['"ca": { "file": "./client.key" }', 'tls.ca: give the certificates of the authorities'],
      ['"CA": { "file": "./ca.pem" }', 'there is no member "CA", only cert, key, ca'],
    ])('refuse %s', async (members, sentence) => {
      const said = await complaint(tls(members));
      expect(said).toContain(sentence);
      expect(said).not.toMatch(/geheim|BEGIN/);
      expect(said.split('\n')).toHaveLength(1);
    });
  });
});
