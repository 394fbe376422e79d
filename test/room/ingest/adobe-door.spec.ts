import { Metrics } from '../../../src/observability/metrics.js';
import {
  activity,
  CLIENT_ID,
  type DoorApp,
  KeyServer,
  MemoryStore,
  PAIRS,
  signature,
  signed,
  startDoor,
} from './door-app.js';

const body = JSON.stringify(activity('a1'));
const stranger = { ...PAIRS[0], privateKey: PAIRS[1].privateKey };

describe('the door for Adobe I/O', () => {
  const keys = new KeyServer();
  let store: MemoryStore;
  let door: DoorApp;

  beforeEach(async () => {
    store = new MemoryStore();
    keys.asked.length = 0;
    keys.answers.clear();
    for (const { path, publicKey } of PAIRS) keys.publish(path, publicKey);
    door = await startDoor(keyOrigin, { store });
  });
  afterEach(async () => {
    await door.app.close();
  });
  let keyOrigin: string;
  beforeAll(async () => {
    keyOrigin = await keys.start();
  });
  afterAll(async () => {
    await keys.stop();
  });

  const post = async (
    payload: string | Buffer,
    headers: Record<string, string> = {},
    name = 'marketo-io',
  ): Promise<Response> =>
    await fetch(`${door.origin}/ingest/adobe/${name}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(payload)),
      headers: { ...signed(payload), ...headers },
    });
  const answer = async (response: Response): Promise<[number, string]> => [
    response.status,
    ((await response.json()) as { error: string }).error,
  ];

  it('stores a signed delivery byte for byte and answers 200', async () => {
    const odd = `  ${JSON.stringify([activity('a1'), activity('ü – 2')], null, 3)}\n`;
    expect((await post(odd)).status).toBe(200);
    expect(store.texts).toEqual([odd]);
    expect(store.batches[0]).toMatchObject({ source: 'marketo-io', kind: 'adobe' });
    expect(store.batches[0]?.receivedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/cloudevents-batch+json'],
    ['application/vnd.adobe+json;charset=UTF-8'],
    ['APPLICATION/JSON'],
  ])('takes the content type %s', async (type) => {
    expect((await post(body, { 'content-type': type })).status).toBe(200);
  });

  it.each(['text/plain', 'application/xml', 'application/jsonp', 'text/json'])(
    'refuses %s with 415',
    async (type) => {
      expect(await answer(await post(body, { 'content-type': type }))).toEqual([
        415,
        'unsupported_media_type',
      ]);
      expect(store.batches).toEqual([]);
    },
  );

  it('takes a body of 2.9 MB and refuses one above 3 MiB with 413', async () => {
    const padded = (bytes: number): string => JSON.stringify([activity('a1'), 'x'.repeat(bytes)]);
    expect((await post(padded(2_900_000))).status).toBe(200);
    expect(await answer(await post(padded(3_200_000)))).toEqual([413, 'body_too_large']);
    expect(store.batches).toHaveLength(1);
  });

  it.each([
    ['the first pair alone', { 'x-adobe-digital-signature-2': signature(body, stranger) }],
    ['the second pair alone', { 'x-adobe-digital-signature-1': 'AAAA' }],
    [
      'the second pair beside a path that leads elsewhere',
      { 'x-adobe-public-key1-path': '@evil.example/x.pem' },
    ],
    [
      'the second pair beside a key that is gone',
      { 'x-adobe-public-key1-path': '/prod/keys/pub-key-Gone.pem' },
    ],
  ])('is content with %s', async (_case, headers) => {
    expect((await post(body, headers)).status).toBe(200);
  });

  it.each([
    ['crossed pairs', signature(body, PAIRS[1]), signature(body, PAIRS[0])],
    ['garbage', '%%%', 'not a signature'],
    ['empty signatures', '', ''],
    ['signatures of other bytes', signature(`${body} `, PAIRS[0]), signature(`${body} `, PAIRS[1])],
    ['endless signatures', 'A'.repeat(2_000), 'A'.repeat(2_000)],
  ])('refuses %s with 403', async (_case, one, two) => {
    const headers = { 'x-adobe-digital-signature-1': one, 'x-adobe-digital-signature-2': two };
    expect(await answer(await post(body, headers))).toEqual([403, 'invalid_signature']);
    expect(store.batches).toEqual([]);
  });

  it.each([
    '@evil.example/prod/keys/pub-key-a.pem',
    '.evil.example/prod/keys/pub-key-a.pem',
    '//evil.example/prod/keys/pub-key-a.pem',
    '/prod/keys/../../pub-key-a.pem',
    '/prod/keys/pub-key-a.pem?x=1',
    '/prod/keys/pub-key-a%2f.pem',
    'http://evil.example/prod/keys/pub-key-a.pem',
  ])('fetches nothing for the key path %s', async (path) => {
    const headers = { 'x-adobe-public-key1-path': path, 'x-adobe-public-key2-path': path };
    expect(await answer(await post(body, headers))).toEqual([403, 'invalid_signature']);
    expect(keys.asked).toEqual([]);
  });

  it('refuses an unsigned delivery with 401', async () => {
    const response = await fetch(`${door.origin}/ingest/adobe/marketo-io`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer(response)).toEqual([401, 'unauthorized']);
  });

  it('fetches each key once, also for many deliveries at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => post(body)));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(keys.asked).toEqual([PAIRS[0].path]);
  });

  it.each([
    ['is ill', { status: 500, body: '' }],
    ['does not have the key yet', { status: 404, body: '' }],
    ['redirects', { status: 302, body: '', headers: { location: PAIRS[1].path } }],
    ['sends no key', { status: 200, body: '<html>' }],
    ['sends too much', { status: 200, body: 'x'.repeat(100_000) }],
  ])('answers 503 with Retry-After when the key server %s, and asks it once', async (_case, bad) => {
    for (const { path } of PAIRS) keys.answers.set(path, bad);
    const response = await post(body);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer(response)).toEqual([503, 'key_unavailable']);
    expect((await post(body)).status).toBe(503);
    expect(keys.asked).toEqual(PAIRS.map(({ path }) => path));
    expect(store.batches).toEqual([]);
  });

  it('refuses a validly signed delivery for somebody else with 403', async () => {
    const foreign = JSON.stringify([activity('a1', 'somebody-else'), activity('a2', `${CLIENT_ID}0`)]);
    expect(await answer(await post(foreign))).toEqual([403, 'wrong_recipient']);
    expect(store.batches).toEqual([]);
  });

  it('stores a batch that is only partly ours: each event is asked when it is read', async () => {
    const mixed = JSON.stringify([activity('a1', 'somebody-else'), activity('a2')]);
    expect((await post(mixed)).status).toBe(200);
    expect(store.texts).toEqual([mixed]);
  });

  it('stores signed bytes that are no JSON, or no text', async () => {
    expect((await post('{"half":')).status).toBe(200);
    const bytes = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
    expect((await post(bytes)).status).toBe(200);
    expect(store.batches[1]?.bodies).toEqual([bytes]);
  });

  it('answers 503 with Retry-After when the delivery cannot be stored', async () => {
    store.fail = true;
    const response = await post(body);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer(response)).toEqual([503, 'not_stored']);
  });

  it('answers a challenge in JSON, and a GET without one', async () => {
    const url = `${door.origin}/ingest/adobe/marketo-io`;
    const response = await fetch(`${url}?challenge=8ec8d794-e0ab-42df-9017-e3dada8e84f7`);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toEqual({ challenge: '8ec8d794-e0ab-42df-9017-e3dada8e84f7' });
    expect((await fetch(url)).status).toBe(200);
    for (const bad of [
      'challenge=<script>',
      'challenge=a&challenge=b',
      `challenge=${'a'.repeat(200)}`,
      'challenge=',
    ])
      expect(await answer(await fetch(`${url}?${bad}`))).toEqual([400, 'invalid_challenge']);
  });

  it('answers the unsigned validation probe with 200 and stores nothing', async () => {
    const probe = async (payload: unknown): Promise<number> =>
      (
        await fetch(`${door.origin}/ingest/adobe/marketo-io`, {
          method: 'POST',
          body: JSON.stringify(payload),
          headers: { 'content-type': 'application/json; charset=utf-8' },
        })
      ).status;
    expect(
      await probe({ validationUrl: 'https://csm.adobe.io/csm/registrations/validate?id=a&challenge=b' }),
    ).toBe(200);
    expect(await probe({ validationUrl: 'https://evil.example/' })).toBe(200);
    expect(await probe({ validationUrl: 'https://csm.adobe.io/', more: 1 })).toBe(401);
    expect(store.batches).toEqual([]);
  });

  it.each([
    ['nobody', 404, 'unknown_source'],
    ['__proto__', 404, 'unknown_source'],
    ['crm', 404, 'wrong_source_kind'],
  ])('answers 404 for source %s', async (name, status, code) => {
    expect(await answer(await post(body, {}, name))).toEqual([status, code]);
  });

  it('answers 400 for no body', async () => {
    expect(await answer(await post(''))).toEqual([400, 'empty_body']);
  });

  it('counts its answers by known source', async () => {
    await post(body);
    await post(body, {}, 'made-up');
    const metrics = await door.app.get(Metrics, { strict: false }).registry.metrics();
    expect(metrics).toContain('signalman_ingest_requests_total{source="marketo-io",status="200"} 1');
    expect(metrics).toContain('signalman_ingest_requests_total{source="unknown",status="404"} 1');
    expect(metrics).not.toContain('made-up');
  });
});
