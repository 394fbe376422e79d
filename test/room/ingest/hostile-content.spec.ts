import type { Connections, SourceConnection } from '../../../src/contracts/connections.js';
import { readBatch } from '../../../src/ingest/read-batch.js';
import { type DoorApp, MemoryStore, startDoor } from './door-app.js';

const MB = 1024 * 1024;
const SOURCES = {
  open: { kind: 'webhook', insecure: true, event: { type: '{$.type}', subject: '{$.data.s}' } },
} as const satisfies Connections['sources'];
const EVENTS: SourceConnection = { kind: 'events', apiKey: 'crm-key' };

/** A CloudEvent with this JSON text as its data: good for the door of events and for that of webhooks. */
const withData = (data: string): string =>
  `{"specversion":"1.0","id":"e1","source":"/crm","type":"com.acme.x","data":${data}}`;

describe('a client that sends hostile JSON', () => {
  let store: MemoryStore;
  let door: DoorApp;

  beforeAll(async () => {
    store = new MemoryStore();
    door = await startDoor('http://127.0.0.1:1', { store }, { sources: SOURCES });
  });
  beforeEach(() => {
    store.batches.length = 0;
  });
  /** Whatever came before: nothing of ours is changed, and a good delivery is taken at once. */
  afterEach(async () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const started = Date.now();
    expect((await post('events/crm', withData('{}'))).status).toBe(202);
    expect(Date.now() - started).toBeLessThan(3_000);
  });
  afterAll(async () => {
    await door.app.close();
  });

  async function post(path: string, body: string | Buffer): Promise<{ status: number; error?: string }> {
    const authorization = path.startsWith('marketo') ? 'push-token' : 'Bearer crm-key';
    const response = await fetch(`${door.origin}/ingest/${path}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: { 'content-type': 'application/json', authorization },
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  describe.each(['events/crm', 'webhook/open'])('at %s', (path) => {
    it.each([
      ['numbers beyond every bound', '{"a":1e400,"b":-1e400,"c":1e-400,"d":-0,"e":12345678901234567890}'],
      ['a number of 100,000 digits', `{"a":${'9'.repeat(100_000)},"b":0.${'3'.repeat(100_000)}}`],
      ['a number of 100,000 digits in its exponent', `{"a":1e${'9'.repeat(100_000)}}`],
      ['prototype keys', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
      [
        'names of every method',
        '{"toString":1,"valueOf":2,"hasOwnProperty":3,"toJSON":4,"then":5,"length":-1}',
      ],
      ['the same name twice', '{"a":1,"a":{"b":2},"a":[3]}'],
      ['lone surrogates and controls', String.raw`{"s":"\ud800 \udfff \u0000 \u202e \u2028","\ud800":1}`],
      ['100,000 names', `{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":0`).join()}}`],
      ['a list of 500,000', `[${'0,'.repeat(499_999)}0]`],
      ['a text of 2 MB', `"${'x'.repeat(2 * MB)}"`],
      ['90 levels', `${'['.repeat(90)}${']'.repeat(90)}`],
    ])('takes %s as they are written', async (_case, data) => {
      expect((await post(path, withData(data))).status).toBe(202);
      expect(store.texts[0]).toContain(data);
      const [batch] = store.batches;
      const source = path.startsWith('events') ? EVENTS : SOURCES.open;
      const reading = batch === undefined ? undefined : readBatch(batch, source);
      expect([reading?.events.length, reading?.unreadable]).toEqual([1, []]);
    });

    it('takes a byte order mark before its body', async () => {
      expect((await post(path, `\uFEFF${withData('{}')}`)).status).toBe(202);
    });

    it.each<[string, string | Buffer]>([
      ['100,000 lists in each other', withData('['.repeat(100_000) + ']'.repeat(100_000))],
      ['100,000 objects in each other', withData('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000))],
      ['3 MB of opening brackets', '['.repeat(3 * MB)],
      ['3 MB of a number', '9'.repeat(3 * MB)],
      ['a text that does not end', withData(`"${'\\"'.repeat(MB)}`)],
      [
        'invalid UTF-8',
        Buffer.concat([
          Buffer.from('{"a":"'),
          Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80]),
          Buffer.from('"}'),
        ]),
      ],
      ['UTF-16', Buffer.from(`\uFEFF${withData('{}')}`, 'utf16le')],
      ['a zero byte', withData('"\0"')],
      ['zero bytes alone', Buffer.alloc(1_000)],
      ['a comment', `/* */${withData('{}')}`],
      ['NaN', withData('NaN')],
      ['a hexadecimal number', withData('0x10')],
      ['two values', withData('{}').repeat(2)],
      ['null', 'null'],
    ])('answers 400 to %s', async (_case, body) => {
      expect(await post(path, body)).toMatchObject({
        status: 400,
        error: expect.stringMatching(/^invalid_(?:body|event)$/) as string,
      });
      expect(store.batches).toEqual([]);
    });
  });

  it('counts what of a batch cannot be read, however much it is', async () => {
    const bad = Array.from({ length: 50_000 }, () => '{"__proto__":[]}').join();
    expect(await post('events/crm', `[${withData('{}')},${bad}]`)).toMatchObject({
      status: 202,
      accepted: 1,
    });
  });

  it('pushes what cannot be read: 200, kept to be looked at, for Marketo would never send the rest', async () => {
    const bodies = [
      '['.repeat(100_000),
      `{"activities":[${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}]}`,
      Buffer.from([0x7b, 0xff, 0x7d]),
      '{"__proto__":{"activities":[1]},"munchkinId":{"polluted":true}}',
    ];
    for (const body of bodies) {
      store.batches.length = 0;
      expect((await post('marketo/marketo-push', body)).status).toBe(200);
      const [batch] = store.batches;
      expect(batch?.bodies[0]?.equals(Buffer.from(body))).toBe(true);
      const reading =
        batch === undefined ? undefined : readBatch(batch, { kind: 'marketo', token: 'push-token' });
      expect([reading?.events, reading?.unreadable.length]).toEqual([[], 1]);
    }
  });

  it('gives its event a name of Marketo or of the engine, and is refused', async () => {
    for (const type of ['marketo.activity.newlead', 'signalman.stream.silent', '__proto__', 'constructor']) {
      const body = withData('{}').replace('com.acme.x', type);
      const { status } = await post('events/crm', body);
      expect([type, status]).toEqual([type, type.includes('.') ? 400 : 202]);
    }
  });
});
