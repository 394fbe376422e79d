import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../../src/contracts/json.js';
import type { SignedWith } from '../../src/sandbox/adobe/delivery-headers.js';
import type { SenderAnswer } from '../../src/sandbox/adobe-sender.js';
import { eventually } from '../support/eventually.js';
import { newLead } from './support/activity.js';
import type { AppProcess } from './support/app-process.js';
import type { Doors } from './support/doors.js';
import { House } from './support/house.js';
import { rule, tell } from './support/rule.js';

const CLOUD_EVENT = { specversion: '1.0', id: '1', source: '/crm', type: 'com.acme.crm.note.added' };

const RULES = {
  'tell.json': rule(['marketo.activity.*', CLOUD_EVENT.type], [tell('{{ event.id }}')]),
  // Reads what bad input likes to replace.
  'reads.json': rule('marketo.activity.newlead', [tell('never')], {
    conditions: {
      any: [
        { fact: 'data', path: '$.polluted', operator: 'equal', value: true },
        { fact: 'event', path: '$.constructor.name', operator: 'exists', value: true },
        { fact: 'attributes', path: '$.polluted', operator: 'equal', value: true },
      ],
    },
  }),
};

const MB = 1024 * 1024;

describe('bad input', () => {
  let house: House;
  let app: AppProcess;
  let doors: Doors;
  let id = 0;

  /** A process that had no keys when its first delivery came; the others keep theirs. */
  let withoutKeys: { app: AppProcess; event: JsonObject; answer: SenderAnswer };

  beforeAll(async () => {
    house = await House.build(RULES);
    const [first, second] = await Promise.all([house.start(), house.start({ SIGNALMAN_ROLE: 'ingest' })]);
    app = first;
    doors = house.doors(app);
    const event = fresh();
    house.sandbox.adobeKeys.failNext({ httpStatus: 500, times: Infinity });
    withoutKeys = { app: second, event, answer: await house.doors(second).adobe(event) };
    house.sandbox.adobeKeys.recover();
  });
  afterAll(async () => {
    await house.demolish();
  });
  beforeEach(async () => {
    house.sandbox.receiver.clear();
    await house.inside.redis.del('signalman:quarantine');
  });

  /** Whatever came before: the app lives, and a good delivery works. */
  afterEach(async () => {
    const lead = ++id;
    const { status } = await doors.adobe([ours(lead)]);
    expect([app.running, status]).toEqual([true, 200]);
    await eventually(() => told().includes(`123-ABC-456:activity-${lead}`));
    await house.inside.idle();
    expect(await house.inside.dead()).toBe(0);
  });

  const ours = (lead: number) => newLead(lead, doors.clientId);
  const fresh = () => ours(++id);
  const told = () => house.sandbox.receiver.all().map(({ body }) => JSON.parse(body) as string);
  const codeOf = ({ status, body }: SenderAnswer) => [status, (JSON.parse(body) as { error: string }).error];

  /** Reasons of everything that was put into quarantine, newest first. */
  async function quarantined(): Promise<string[]> {
    await house.inside.idle();
    const entries = await house.inside.journal.latest('unreadable', 20_000);
    return entries.flatMap((entry) => (entry.kind === 'unreadable' ? [entry.unreadable.reason] : []));
  }

  async function expectNothingCame(): Promise<void> {
    await house.inside.idle();
    expect(told()).toEqual([]);
    expect(await quarantined()).toEqual([]);
  }

  describe('of somebody who cannot prove who he is', () => {
    it.each<[SignedWith, number, string]>([
      ['none', 401, 'unauthorized'],
      ['wrong', 403, 'invalid_signature'],
      ['crossed', 403, 'invalid_signature'],
      ['garbage', 403, 'invalid_signature'],
    ])('signatures: %s → %i', async (signedWith, status, error) => {
      expect(codeOf(await doors.adobe(fresh(), { signedWith }))).toEqual([status, error]);
      await expectNothingCame();
    });

    it('a signature over other bytes → 403', async () => {
      const { headers } = house.sandbox.adobe.prepare(fresh());
      const answer = await doors.post('/ingest/adobe/marketo-io', fresh(), headers);
      expect(codeOf(answer)).toEqual([403, 'invalid_signature']);
      await expectNothingCame();
    });

    it.each([
      '//evil.example/prod/keys/pub-key-a.pem',
      'https://evil.example/prod/keys/pub-key-a.pem',
      '@evil.example/prod/keys/pub-key-a.pem',
      '/prod/keys/../../pub-key-a.pem',
      '/prod/keys/pub-key-%2e%2e.pem',
      '/prod/keys/pub-key-a.pem?x=.pem',
      '/prod/keys/pub-key-a.pem#.pem',
      '\\\\evil.example\\prod\\keys\\pub-key-a.pem',
      '',
    ])('the key path %p → 403, and nothing is fetched', async (path) => {
      const before = house.sandbox.adobeKeys.fetches();
      const headers = { 'x-adobe-public-key1-path': path, 'x-adobe-public-key2-path': path };
      const answer = await doors.adobe(fresh(), { headers });
      expect(codeOf(answer)).toEqual([403, 'invalid_signature']);
      expect(house.sandbox.adobeKeys.fetches()).toBe(before);
      await expectNothingCame();
    });

    it('a token or API key that is wrong or missing → 401', async () => {
      const answers = [
        await doors.push({ activities: [] }, { authorization: 'Bearer guessed' }),
        await doors.push({ activities: [] }, { authorization: '' }),
        await doors.events(CLOUD_EVENT, { authorization: 'Bearer guessed' }),
        await doors.events(CLOUD_EVENT, { authorization: '' }),
        await doors.events(CLOUD_EVENT, { 'x-api-key': 'guessed' }),
      ];
      expect(answers.map(codeOf)).toEqual(answers.map(() => [401, 'unauthorized']));
      await expectNothingCame();
    });
  });

  describe('that is signed and meant for somebody else', () => {
    it('a whole delivery → 403, nothing is kept', async () => {
      const answer = await doors.adobe([newLead(++id, 'somebody'), newLead(++id, 'somebody')]);
      expect(codeOf(answer)).toEqual([403, 'wrong_recipient']);
      await expectNothingCame();
    });

    it('one of two events → the other is processed, this one is in quarantine', async () => {
      const good = fresh();
      expect((await doors.adobe([newLead(++id, 'somebody'), good])).status).toBe(200);
      await eventually(() => told().includes(`123-ABC-456:${String(good['id'])}`));
      expect(await quarantined()).toEqual([expect.stringContaining('another recipient')]);
      expect(told()).toHaveLength(1);
    });

    it('with our name where a sender may write → in quarantine', async () => {
      const foreign = { ...newLead(++id, 'somebody'), subject: doors.clientId };
      const nameless: Record<string, unknown> = { ...fresh(), subject: doors.clientId };
      delete nameless['recipientclientid'];
      expect((await doors.adobe([foreign, nameless])).status).toBe(200);
      expect(await quarantined()).toHaveLength(2);
      expect(told()).toEqual([]);
    });
  });

  describe('that no door takes', () => {
    it.each(['/ingest/adobe/nobody', '/ingest/adobe/__proto__', '/ingest/adobe/crm', '/ingest/nothing/crm'])(
      '%s → 404',
      async (path) => {
        const answer = await doors.post(path, {}, { 'content-type': 'application/json' });
        expect(answer.status).toBe(404);
      },
    );

    it('more than 3 MiB → 413; just below → 200', async () => {
      const padded = (size: number) => {
        const event = { ...fresh(), padding: '' };
        return JSON.stringify({ ...event, padding: 'x'.repeat(size - JSON.stringify(event).length) });
      };
      expect(codeOf(await doors.adobe(padded(3 * MB + 1)))).toEqual([413, 'body_too_large']);
      await expectNothingCame();
      expect((await doors.adobe(padded(3 * MB))).status).toBe(200);
    });

    it('another content type → 415', async () => {
      const headers = { 'content-type': 'text/plain' };
      expect(codeOf(await doors.adobe(fresh(), { headers }))).toEqual([415, 'unsupported_media_type']);
      expect((await doors.push('{}', headers)).status).toBe(415);
      expect((await doors.events('{}', headers)).status).toBe(415);
    });

    it('a compressed body → 415', async () => {
      const headers = { 'content-encoding': 'gzip' };
      expect(codeOf(await doors.adobe(gzipSync('{}'), { headers }))).toEqual([415, 'unsupported_encoding']);
      await expectNothingCame();
    });

    it('no body at all → 400', async () => {
      for (const answer of [await doors.adobe(''), await doors.push(''), await doors.events('')])
        expect(codeOf(answer)).toEqual([400, 'empty_body']);
    });
  });

  describe('that is signed and cannot be read', () => {
    it.each<[string, string | Buffer]>([
      ['no JSON', 'this is no JSON'],
      ['JSON that is cut short', '[{"eventid": "x", '],
      ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
      ['100,000 levels of arrays', '['.repeat(100_000)],
      ['a zero byte', '\0'],
    ])('%s → 200, in quarantine with its raw text', async (_what, body) => {
      expect((await doors.adobe(body)).status).toBe(200);
      await house.inside.idle();
      const [entry, ...others] = await house.inside.journal.latest('unreadable', 10);
      expect(others).toEqual([]);
      const raw = entry?.kind === 'unreadable' ? entry.unreadable.raw : '';
      const bytes = Buffer.from(body);
      expect([bytes.toString(), `base64:${bytes.toString('base64')}`]).toContain(raw);
    });

    it('one bad element → the good ones are processed, it is in quarantine', async () => {
      const [first, second] = [fresh(), fresh()];
      const bad = { eventid: 'x', recipientclientid: doors.clientId };
      const body = JSON.stringify([first, bad, 7, null, 'text', [], second]);
      expect((await doors.adobe(body)).status).toBe(200);
      expect(await quarantined()).toHaveLength(5);
      expect(told().sort()).toEqual([first, second].map((each) => `123-ABC-456:${String(each['id'])}`));
    });

    it('a source of events is told what is wrong with its one event', async () => {
      const answers = [
        await doors.events('{'),
        await doors.events('7'),
        await doors.events({ ...CLOUD_EVENT, specversion: '0.3' }),
        await doors.events({ ...CLOUD_EVENT, type: 'marketo.activity.newlead' }),
        await doors.events({}, { 'content-type': 'application/json', 'ce-id': '1' }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
      await expectNothingCame();
    });
  });

  describe('that is well-formed and hostile', () => {
    /** Taken, and told of once. */
    async function expectProcessed(event: object, name: string, text = JSON.stringify(event)): Promise<void> {
      expect((await doors.adobe(text)).status).toBe(200);
      await house.inside.idle();
      expect(told()).toEqual([`123-ABC-456:${name}`]);
      expect(await quarantined()).toEqual([]);
    }

    it('prototype keys change nothing', async () => {
      const event = fresh();
      const poison = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';
      const text = JSON.stringify(event).replace('"data":{', `${poison},"data":{${poison},`);
      const attributes =
        '"attributes":[{"name":"__proto__","value":{"polluted":true}},{"name":"toString","value":1}]';
      await expectProcessed(event, String(event['id']), text.replace('"attributes":[]', attributes));
    });

    it('an element nested 100,000 levels deep is put aside, its neighbour is processed', async () => {
      const [bad, good] = [fresh(), fresh()];
      const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
      const text = JSON.stringify(bad).replace('"attributes":[]', `"attributes":[],"deep":${deep}`);
      expect((await doors.adobe(`[${text},${JSON.stringify(good)}]`)).status).toBe(200);
      expect(await quarantined()).toEqual([expect.stringContaining('nested deeper')]);
      expect(told()).toEqual([`123-ABC-456:${String(good['id'])}`]);
    });

    it('the same signed bytes a thousand times → one decision', async () => {
      const event = fresh();
      const { body, headers } = house.sandbox.adobe.prepare([event]);
      const statuses: number[] = [];
      for (let round = 0; round < 10; round += 1) {
        const answers = Array.from({ length: 100 }, () =>
          doors.post('/ingest/adobe/marketo-io', body, headers),
        );
        statuses.push(...(await Promise.all(answers)).map(({ status }) => status));
      }
      expect(new Set(statuses)).toEqual(new Set([200]));
      await house.inside.idle();
      const name = `123-ABC-456:${String(event['id'])}`;
      const decisions = await house.inside.journal.latest('decision', 2_000);
      const own = decisions.filter((entry) => entry.kind === 'decision' && entry.decision.eventId === name);
      expect(own).toHaveLength(1);
      expect(told()).toEqual([name]);
    });

    it('numbers beyond every bound', async () => {
      const event = fresh();
      const numbers = `"a":1e999,"b":-1e999,"c":${'9'.repeat(10_000)},"d":1e-999,"e":-0`;
      await expectProcessed(
        event,
        String(event['id']),
        JSON.stringify(event).replace('"attributes":[]', `"attributes":[],${numbers}`),
      );
    });

    it('lone surrogates, control characters and a reversed reading direction', async () => {
      const event = { ...fresh(), id: 'activity-\ud800-\u0000-\u202e' };
      // A zero byte is no text and stays out of what is sent; half of a character becomes U+FFFD.
      await expectProcessed(event, event.id.replace('\u0000', '').toWellFormed());
    });

    it('an array of 10,000 events, and one of 10,000 that are none', async () => {
      const events = Array.from({ length: 5_000 }, fresh);
      expect((await doors.adobe(JSON.stringify(events))).status).toBe(200);
      const nonsense = JSON.stringify(Array(10_000).fill(doors.clientId));
      expect((await doors.adobe(nonsense)).status).toBe(200);
      await house.inside.idle(60_000);
      expect(new Set(told()).size).toBe(5_000);
      // Beyond a thousand pieces the body is kept once, whole.
      expect(await quarantined()).toHaveLength(1_001);
      const [whole] = await house.inside.journal.latest('unreadable', 1);
      expect(whole).toMatchObject({ unreadable: { raw: nonsense } });
    });

    it('the same member twice, an empty object, an empty array, a member that is everything else', async () => {
      const event = fresh();
      const text = JSON.stringify(event);
      expect((await doors.adobe('{}')).status).toBe(403);
      expect((await doors.adobe('[]')).status).toBe(403);
      await expectProcessed(event, String(event['id']), text.replace('{', '{"id":"another","data":[1],'));
    });
  });

  it('while the key server is down: 503 with Retry-After, and the delivery is taken once it is back', async () => {
    const { app: other, event, answer } = withoutKeys;
    expect(codeOf(answer)).toEqual([503, 'key_unavailable']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    // A failure is remembered for ten seconds, so that made-up key names cost little.
    const accepted = async () => (await house.doors(other).adobe(event)).status === 200;
    await eventually(accepted, { timeoutMs: 15_000 });
    await eventually(() => told().includes(`123-ABC-456:${String(event['id'])}`));
    expect(await other.stop()).toBe(0);
  });
});
