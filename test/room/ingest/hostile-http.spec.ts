import { gzipSync } from 'node:zlib';
import { REQUEST_LIMITS } from '../../../src/ingest/request-limits.js';
import { eventually } from '../../support/eventually.js';
import { type DoorApp, MemoryStore, startDoor } from './door-app.js';
import { RawClient } from './raw-client.js';

const BODY = '{"type":"com.acme.x"}';
const POST = 'POST /ingest/webhook/open HTTP/1.1\r\nHost: signalman\r\n';
const GOOD = `${POST}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

/** The app's own limits, with a tenth of their times. */
const QUICK = {
  ...REQUEST_LIMITS,
  requestTimeout: REQUEST_LIMITS.requestTimeout / 10,
  http: { headersTimeout: REQUEST_LIMITS.http.headersTimeout / 10, connectionsCheckingInterval: 100 },
};

describe('a client that does not keep to HTTP', () => {
  let store: MemoryStore;
  let door: DoorApp;
  const clients: RawClient[] = [];

  beforeAll(async () => {
    store = new MemoryStore();
    const sources = { open: { kind: 'webhook', insecure: true, event: { type: '{$.type}' } } } as const;
    door = await startDoor('http://127.0.0.1:1', { store }, { sources, requests: QUICK });
  });
  beforeEach(() => {
    store.batches.length = 0;
  });
  /** Whatever came before: a good delivery is taken. */
  afterEach(async () => {
    const before = store.texts.length;
    expect((await send(GOOD)).statuses).toEqual([202]);
    expect(store.texts).toHaveLength(before + 1);
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await door.app.close();
  });

  async function client(): Promise<RawClient> {
    const connected = await RawClient.connect(door.origin);
    clients.push(connected);
    return connected;
  }

  /** Sends these bytes, and waits for the first answer. */
  async function send(bytes: string | Buffer): Promise<RawClient> {
    const sender = (await client()).send(Buffer.from(bytes as string, 'latin1'));
    await eventually(() => sender.closed || sender.statuses.length > 0);
    return sender;
  }

  it.each([
    ['a length and chunks', `Content-Length: ${BODY.length}\r\nTransfer-Encoding: chunked`],
    ['chunks and a length', `Transfer-Encoding: chunked\r\nContent-Length: 4`],
    ['two lengths', `Content-Length: ${BODY.length}\r\nContent-Length: 3`],
    ['the same length twice', `Content-Length: ${BODY.length}\r\nContent-Length: ${BODY.length}`],
    ['a list of lengths', `Content-Length: ${BODY.length}, ${BODY.length}`],
    ['a length with a sign', `Content-Length: +${BODY.length}`],
    ['a negative length', `Content-Length: -1`],
    ['a hexadecimal length', `Content-Length: 0x15`],
    ['a length beyond every number', `Content-Length: ${'9'.repeat(30)}`],
    ['chunks twice', `Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked`],
    ['chunks and then none', `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity`],
    ['a space before the colon', `Transfer-Encoding : chunked`],
    ['a vertical tab before the value', `Transfer-Encoding: \x0bchunked`],
    ['a folded header', `X-A: 1\r\n Transfer-Encoding: chunked`],
    ['a carriage return inside a header', `X-A: 1\rTransfer-Encoding: chunked`],
    ['a zero byte inside a header', `X-A: \0`],
  ])('smuggles nothing with %s: 400, and the connection ends', async (_case, headers) => {
    const sender = await send(`${POST}${headers}\r\n\r\n${CHUNKED}${GOOD}`);
    expect(await sender.isClosedWithin(2_000)).toBe(true);
    expect(new Set(sender.statuses)).toEqual(new Set([400]));
    expect(store.batches).toEqual([]);
  });

  it.each([
    ['a size beyond every number', `${'f'.repeat(20)}\r\n${BODY}\r\n0\r\n\r\n`],
    ['a negative size', `-1\r\n${BODY}\r\n0\r\n\r\n`],
    ['a size that is too small', `2\r\n${BODY}\r\n0\r\n\r\n`],
    ['an endless extension', `2;a=${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
  ])('smuggles nothing with chunks of %s', async (_case, chunks) => {
    const sender = await send(`${POST}Transfer-Encoding: chunked\r\n\r\n${chunks}${GOOD}`);
    expect(await sender.isClosedWithin(2_000)).toBe(true);
    expect(sender.statuses[0]).toBe(400);
    expect(store.batches).toEqual([]);
  });

  it.each([
    ['line feeds alone', GOOD.replaceAll('\r\n', '\n')],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['the greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a version that does not exist', GOOD.replace('HTTP/1.1', 'HTTP/9.9')],
    ['no host', GOOD.replace('Host: signalman\r\n', '')],
    ['noise', '\0\xff\xfe'.repeat(1_000)],
    ['a method that does not exist', GOOD.replace('POST', 'STEAL')],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('gets nowhere with %s: the connection ends', async (_case, bytes) => {
    const sender = await send(bytes);
    expect(await sender.isClosedWithin(2_000)).toBe(true);
    expect(sender.statuses.filter((status) => status !== 400)).toEqual([]);
    expect(store.batches).toEqual([]);
  });

  it.each([
    ['one huge header', `X-A: ${'a'.repeat(20_000)}\r\n`, 431],
    ['thousands of headers', Array.from({ length: 3_000 }, (_, n) => `X-${n}: 1\r\n`).join(''), 431],
    ['headers without content', 'a:\r\n'.repeat(2_500), 400],
  ])('gets nowhere with %s', async (_case, headers, status) => {
    const sender = await send(`${POST}${headers}Content-Length: ${BODY.length}\r\n\r\n${BODY}`);
    expect(sender.statuses).toEqual([status]);
    expect(store.batches).toEqual([]);
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'HEAD', 'GET'])(
    '%s stores nothing, and TRACE gives nothing back',
    async (method) => {
      const sender = await send(GOOD.replace('POST', method).replace('Host', 'X-Secret: echo-me\r\nHost'));
      expect(sender.statuses).toEqual([method === 'HEAD' || method === 'GET' ? 200 : 404]);
      expect(sender.text).not.toContain('echo-me');
      expect(store.batches).toEqual([]);
    },
  );

  it.each([
    ...[
      '..',
      '%2e%2e',
      '%2e%2e%2fadobe',
      '..%2f..%2f',
      './open',
      '//open',
      'open/',
      'open/../open',
      '\\..\\',
    ],
    ...['__proto__', 'constructor', 'toString', '%00', 'open%00', 'open%2f', 'open;x', 'OPEN', '%E2%80%AE'],
    ...['%zz', '%ff', '%c0%ae%c0%ae', 'a'.repeat(300), 'a'.repeat(10_000), ''],
  ])('the source name %p is nobody’s', async (name) => {
    const sender = await send(GOOD.replace('/open', `/${name}`));
    expect(sender.statuses).toHaveLength(1);
    expect([400, 404, 414]).toContain(sender.statuses[0]);
    expect(store.batches).toEqual([]);
  });

  it('names its target with another host and comes to the same door', async () => {
    const nobody = await send(
      GOOD.replace('/ingest/webhook/open', 'http://evil.example/ingest/webhook/nobody'),
    );
    expect(nobody.statuses).toEqual([404]);
    expect(nobody.text).toContain('"unknown_source"');
  });

  describe.each([
    '/ingest/webhook/open',
    '/ingest/events/crm',
    '/ingest/marketo/marketo-push',
    '/ingest/adobe/marketo-io',
  ])('at %s', (path) => {
    // 10 MB in 10 KB.
    const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024, ' '));
    it.each([
      ...[
        'gzip',
        'GZIP',
        'x-gzip',
        'deflate',
        'br',
        'zstd',
        'compress',
        'identity, gzip',
        'gzip, identity',
        'made-up',
      ].map((name) => `Content-Encoding: ${name}`),
      ...['gzip, chunked', 'deflate, chunked'].map((name) => `Transfer-Encoding: ${name}`),
    ])('sends a bomb with %s: 415 before a byte of it is read', async (encoding) => {
      const length = encoding.startsWith('Transfer') ? '' : `Content-Length: ${bomb.length}\r\n`;
      const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${length}${encoding}\r\n\r\n`;
      const sender = await send(head);
      expect(sender.statuses).toEqual([415]);
      sender.send(bomb);
      expect(store.batches).toEqual([]);
    });
  });

  it('says that its body is as it is: identity is taken', async () => {
    expect((await send(GOOD.replace('Host', 'Content-Encoding: identity\r\nHost'))).statuses).toEqual([202]);
  });

  it('never ends its headers, its body, or says nothing at all: each connection ends', async () => {
    const slow = await Promise.all(
      [
        '',
        'POST ',
        `${POST}X-A: `,
        `${POST}Content-Length: 100\r\n\r\n{`,
        `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\n{`,
      ].map(async (bytes) => (await client()).send(bytes)),
    );
    const started = Date.now();
    const drip = setInterval(() => {
      for (const each of slow) if (each !== slow[0]) each.send(' ');
    }, 100);
    const closed = await Promise.all(slow.map((each) => each.isClosedWithin(5_000)));
    clearInterval(drip);
    expect(closed).toEqual(slow.map(() => true));
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(store.batches).toEqual([]);
  });

  it.each([
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n', `10000\r\n${'x'.repeat(65_536)}\r\n`],
    ['an announced length', 'Content-Length: 1000000000\r\n\r\n', 'x'.repeat(65_536)],
  ])('sends a body without end in %s: it is cut off soon after the limit', async (_case, head, piece) => {
    const sender = (await client()).send(POST + head);
    let sent = 0;
    for (; !sender.closed && sent < 64 * 1024 * 1024; sent += piece.length) {
      sender.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await sender.isClosedWithin(2_000)).toBe(true);
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    expect(store.batches).toEqual([]);
  });

  it('announces more than it sends, or less: nothing of it is stored twice', async () => {
    const more = await send(`${POST}Content-Length: ${BODY.length + 50}\r\n\r\n${BODY}`);
    expect([await more.isClosedWithin(3_000), more.statuses]).toEqual([true, [408]]);
    const less = await send(`${POST}Content-Length: ${BODY.length}\r\n\r\n${BODY}${'x'.repeat(50)}`);
    expect([await less.isClosedWithin(3_000), less.statuses.at(-1)]).toEqual([true, 400]);
    expect(store.texts).toHaveLength(1);
  });

  it('goes away inside its body: nothing is stored', async () => {
    for (let n = 0; n < 50; n += 1) {
      const sender = (await client()).send(`${POST}Content-Length: 1000000\r\n\r\n{"type":"com.acme.x",`);
      sender.close();
    }
    expect((await send(GOOD)).statuses).toEqual([202]);
    expect(store.texts).toHaveLength(1);
  });

  it('holds 400 connections open: a good delivery is taken at once', async () => {
    const open = await Promise.all(
      Array.from({ length: 400 }, async (_, n) => (await client()).send(n % 2 === 0 ? '' : `${POST}X-A: `)),
    );
    const started = Date.now();
    expect((await send(GOOD)).statuses).toEqual([202]);
    expect(Date.now() - started).toBeLessThan(3_000);
    const closed = await Promise.all(open.map((each) => each.isClosedWithin(5_000)));
    expect(closed.filter((each) => !each)).toEqual([]);
  });

  it('sends 200 deliveries without waiting for an answer: each is answered once', async () => {
    const sender = (await client()).send(GOOD.repeat(200));
    await eventually(() => sender.statuses.length === 200);
    expect(new Set(sender.statuses)).toEqual(new Set([202]));
    expect(store.texts).toHaveLength(200);
  });
});
