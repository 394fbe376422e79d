import { generateKeyPairSync } from 'node:crypto';
import { serve } from '../../support/http-server.js';
import { eventually } from '../../support/eventually.js';
import {
  activity,
  type DoorApp,
  KeyServer,
  MemoryStore,
  PAIRS,
  type SignedPair,
  signature,
  signed,
  startDoor,
} from './door-app.js';
import { RawClient } from './raw-client.js';

const BODY = JSON.stringify(activity('a1'));

const SICK_SERVERS: Readonly<Record<string, Parameters<typeof serve>[0]>> = {
  'never answers': () => undefined,
  'never ends its answer': (_request, response) => {
    const drip = setInterval(() => response.write(' '), 50);
    response.on('close', () => {
      clearInterval(drip);
    });
  },
  'redirects for ever': (request, response) => response.writeHead(302, { location: request.url }).end(),
  'sends endless headers': (_request, response) =>
    response.writeHead(200, { 'x-a': 'a'.repeat(100_000) }).end(),
  'cuts the connection': (request) => request.socket.destroy(),
};

describe('a client that makes up keys', () => {
  const keys = new KeyServer();
  let keyOrigin: string;
  let store: MemoryStore;
  let door: DoorApp;

  beforeAll(async () => {
    keyOrigin = await keys.start();
  });
  beforeEach(async () => {
    keys.asked.length = 0;
    keys.answers.clear();
    for (const { path, publicKey } of PAIRS) keys.publish(path, publicKey);
    store = new MemoryStore();
    door = await startDoor(keyOrigin, { store });
  });
  afterEach(async () => {
    await door.app.close();
  });
  afterAll(async () => {
    await keys.stop();
  });

  async function post(headers: Record<string, string>, origin = door.origin): Promise<number> {
    const response = await fetch(`${origin}/ingest/adobe/marketo-io`, {
      method: 'POST',
      body: BODY,
      headers,
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** Signed with a key that is published under no such name. */
  const madeUp = (name: string): Record<string, string> => ({
    ...signed(BODY),
    'x-adobe-public-key1-path': `/prod/keys/pub-key-${name}-1.pem`,
    'x-adobe-public-key2-path': `/prod/keys/pub-key-${name}-2.pem`,
  });

  it.each([
    '.evil.example/x.pem',
    '.evil.example/prod/keys/pub-key-a.pem',
    ':80@evil.example/prod/keys/pub-key-a.pem',
    '/\\evil.example/prod/keys/pub-key-a.pem',
    '/prod/keys/pub-key-%2e%2e%2f.pem',
    '/prod/keys/pub-key-a.pem/../../../x',
    '/prod/keys/pub-key-a.pem.evil.example',
    '/PROD/keys/pub-key-a.pem',
    '/prod/keys/pub-key-.pem',
    ' /prod/keys/pub-key-a.pem x',
    `/prod/keys/pub-key-${'a'.repeat(200)}.pem`,
    `/prod/keys/pub-key-${'a'.repeat(5_000)}.pem`,
    '/prod/keys/pub-key-ä.pem',
    'file:///etc/passwd',
    'http://169.254.169.254/prod/keys/pub-key-a.pem',
  ])('is refused with 403 for the path %s, and nobody is asked', async (path) => {
    const headers = { ...signed(BODY), 'x-adobe-public-key1-path': path, 'x-adobe-public-key2-path': path };
    expect([await post(headers), keys.asked]).toEqual([403, []]);
  });

  it('gets nothing fetched by a line break in the path', async () => {
    for (const broken of [
      '/prod/keys/pub-key-a.pem\n',
      '/prod/keys/pub-key-a.pem\r\n /x',
      '/prod/keys/pub-key-a\0.pem',
    ]) {
      const client = await RawClient.connect(door.origin);
      const head = `POST /ingest/adobe/marketo-io HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2`;
      client.send(
        `${head}\r\nx-adobe-digital-signature-1: AAAA\r\nx-adobe-public-key1-path: ${broken}\r\n\r\n{}`,
      );
      await eventually(() => client.statuses.length > 0);
      expect(client.statuses[0]).toBeGreaterThanOrEqual(400);
      client.close();
    }
    expect([keys.asked, store.batches]).toEqual([[], []]);
  });

  it('costs a bounded number of questions by a thousand names, while good deliveries are taken', async () => {
    expect(await post(signed(BODY))).toBe(200);
    keys.asked.length = 0;
    const started = Date.now();
    const answers: Promise<number>[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      answers.push(post(madeUp(`made-up-${n}`)));
      if (n % 50 === 0) answers.push(post(signed(BODY)));
    }
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 503)).toHaveLength(1_000);
    // A burst, and a few each second.
    expect(keys.asked.length).toBeLessThanOrEqual(20 + 5 * Math.ceil((Date.now() - started) / 1_000));
    // What was known before is still known.
    expect(keys.asked.filter((path) => PAIRS.some((pair) => pair.path === path))).toEqual([]);
    expect(store.texts).toEqual(Array.from({ length: 21 }, () => BODY));
  });

  it('does not keep out a new key of Adobe’s for long', async () => {
    const pair: SignedPair = {
      path: '/prod/keys/pub-key-New.pem',
      ...generateKeyPairSync('rsa', { modulusLength: 2_048 }),
    };
    keys.publish(pair.path, pair.publicKey);
    const fresh = {
      'content-type': 'application/json',
      'x-adobe-public-key1-path': pair.path,
      'x-adobe-digital-signature-1': signature(BODY, pair),
    };
    let n = 0;
    const flood = setInterval(() => {
      for (let i = 0; i < 5; i += 1) void post(madeUp(`flood-${n++}`)).catch(() => undefined);
    }, 20);
    try {
      await Promise.all(Array.from({ length: 50 }, (_, each) => post(madeUp(`first-${each}`))));
      await eventually(async () => (await post(fresh)) === 200, { timeoutMs: 15_000 });
    } finally {
      clearInterval(flood);
    }
  });

  it('gets no key in by an answer that is none', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const path = '/prod/keys/pub-key-Weak.pem';
    for (const key of [publicKey, ec.publicKey]) {
      keys.publish(path, key);
      const weak = { path, publicKey: key, privateKey };
      const headers = {
        'x-adobe-public-key1-path': path,
        'x-adobe-digital-signature-1': signature(BODY, weak),
      };
      expect(await post({ 'content-type': 'application/json', ...headers })).toBe(503);
    }
    expect(store.batches).toEqual([]);
  });

  it('waits with 503 in good time whatever the key server does', async () => {
    const did = await Promise.all(
      Object.entries(SICK_SERVERS).map(async ([name, listener]) => {
        const server = await serve(listener);
        const other = await startDoor(server.origin, { store });
        const started = Date.now();
        const statuses = await Promise.all(
          Array.from({ length: 30 }, () => post(signed(BODY), other.origin)),
        );
        // Adobe waits for ten seconds.
        const inTime = Date.now() - started < 9_500;
        await Promise.all([other.app.close(), server.close()]);
        return [name, [...new Set(statuses)], inTime];
      }),
    );
    expect(did).toEqual(Object.keys(SICK_SERVERS).map((name) => [name, [503], true]));
  });

  it('sends the same signed bytes a thousand times: each is answered and kept, and one key is asked for', async () => {
    const headers = signed(BODY);
    const statuses: number[] = [];
    for (let round = 0; round < 10; round += 1)
      statuses.push(...(await Promise.all(Array.from({ length: 100 }, () => post(headers)))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(new Set(store.texts)).toEqual(new Set([BODY]));
    expect(store.texts).toHaveLength(1_000);
    expect(keys.asked).toHaveLength(1);
  });
});
