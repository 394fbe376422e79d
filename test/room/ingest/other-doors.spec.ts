import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CloudEvent, HTTP } from 'cloudevents';
import { type DoorApp, MemoryStore, startDoor } from './door-app.js';

describe('the doors that ask for a secret', () => {
  let store: MemoryStore;
  let door: DoorApp;

  beforeEach(async () => {
    store = new MemoryStore();
    door = await startDoor('http://127.0.0.1:1', { store });
  });
  afterEach(async () => {
    await door.app.close();
  });

  const post = async (
    path: string,
    body: string | Buffer,
    headers: Record<string, string>,
  ): Promise<{ status: number; json: Record<string, unknown> }> => {
    const response = await fetch(`${door.origin}/ingest/${path}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers,
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };

  describe('Marketo’s direct push', () => {
    const body = JSON.stringify({ munchkinId: '123-ABC-456', activities: [] });
    const json = { 'content-type': 'application/json' };

    it.each(['Bearer push-token', 'bearer push-token', 'push-token'])(
      'takes the token as %s',
      async (authorization) => {
        expect((await post('marketo/marketo-push', body, { ...json, authorization })).status).toBe(200);
        expect(store.batches[0]).toMatchObject({
          source: 'marketo-push',
          kind: 'marketo',
          bodies: [Buffer.from(body)],
        });
      },
    );

    it.each([
      {},
      { authorization: 'Bearer push-toke' },
      { authorization: 'Bearer ' },
      { 'x-api-key': 'push-token' },
    ])('answers 401 to %j', async (headers) => {
      const { status, json: answer } = await post('marketo/marketo-push', body, {
        ...json,
        ...headers,
      });
      expect([status, answer['error']]).toEqual([401, 'unauthorized']);
      expect(store.batches).toEqual([]);
    });

    it('says in the log, seldom, that it refuses and what to look at, and never what was sent', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn');
      const wrong = { ...json, authorization: 'Bearer last-years-token' };
      for (let i = 0; i < 3; i += 1) await post('marketo/marketo-push', body, wrong);
      const lines = warn.mock.calls.map(([line]) => String(line));
      warn.mockRestore();
      expect(lines).toEqual([
        expect.stringMatching(/"marketo-push" refuses deliveries with 401.*connections/),
      ]);
      expect(lines.join()).not.toContain('last-years-token');
    });

    it('answers 200 to a GET, 404 for a source of another kind, 415 for another content type', async () => {
      expect((await fetch(`${door.origin}/ingest/marketo/marketo-push`)).status).toBe(200);
      expect((await fetch(`${door.origin}/ingest/marketo/crm`)).status).toBe(404);
      const headers = { authorization: 'push-token', 'content-type': 'text/plain' };
      expect((await post('marketo/marketo-push', body, headers)).status).toBe(415);
    });
  });

  describe('CloudEvents', () => {
    const key = { authorization: 'Bearer crm-key' };
    const event = new CloudEvent({
      id: 'e1',
      source: '/crm',
      type: 'com.acme.account.updated',
      data: { tier: 2 },
    });
    const structured = { ...key, 'content-type': 'application/cloudevents+json' };
    const stored = (): unknown => JSON.parse(store.texts[0] ?? 'null') as unknown;

    it('takes structured mode, with the key in either header', async () => {
      const { body } = HTTP.structured(event);
      expect(await post('events/crm', body as string, structured)).toEqual({
        status: 202,
        json: { accepted: 1, quarantined: 0 },
      });
      const headers = { 'x-api-key': 'crm-key', 'content-type': 'application/json' };
      expect((await post('events/crm', body as string, headers)).status).toBe(202);
      expect(store.texts).toEqual([body, body]);
    });

    it('takes binary mode as the same event', async () => {
      const message = HTTP.binary(event);
      const headers = { ...key, ...(message.headers as Record<string, string>) };
      expect((await post('events/crm', message.body as string, headers)).status).toBe(202);
      expect(stored()).toMatchObject(JSON.parse(HTTP.structured(event).body as string) as object);
    });

    it.each([
      ['text/plain; charset=utf-8', Buffer.from('Grüße'), { data: 'Grüße' }],
      ['application/octet-stream', Buffer.from([0, 255]), { data_base64: 'AP8=' }],
      ['application/vnd.acme+json', Buffer.from('{"a":1}'), { data: { a: 1 } }],
    ])('takes binary mode with data of type %s', async (type, body, data) => {
      const headers = {
        'ce-id': '1',
        'ce-source': '/s',
        'ce-type': 'a.b',
        'ce-specversion': '1.0',
        'ce-subject': 'caf%C3%A9',
      };
      expect((await post('events/crm', body, { ...key, ...headers, 'content-type': type })).status).toBe(202);
      expect(stored()).toMatchObject({ id: '1', subject: 'café', ...data });
      expect(store.texts[0]).not.toContain('crm-key');
    });

    it('takes a batch, and says how many of it went into quarantine', async () => {
      const body = `[${HTTP.structured(event).body as string}, {"id":"x"}, 7]`;
      const headers = { ...key, 'content-type': 'application/cloudevents-batch+json' };
      expect(await post('events/crm', body, headers)).toEqual({
        status: 202,
        json: { accepted: 1, quarantined: 2 },
      });
      expect(store.texts).toEqual([body]);
    });

    it.each([
      ['{"specversion":"1.0","type":"a.b","id":"1"}', 'source'],
      ['{"specversion":"1.0","source":"/s","id":"1"}', 'type'],
      ['{"type":"a.b","source":"/s"}', 'specversion'],
      ['{"specversion":', 'not JSON'],
      ['7', 'not a JSON object'],
    ])('answers 400 to %s, naming what is wrong', async (body, word) => {
      const { status, json } = await post('events/crm', body, structured);
      expect(status).toBe(400);
      expect(json).toEqual({ error: 'invalid_event', message: expect.stringContaining(word) as string });
      expect(store.batches).toEqual([]);
    });

    it.each([
      [{ 'ce-type': 'a.b', 'ce-source': '/s', 'ce-specversion': '1.0' }, 'ce-id'],
      [{ 'ce-id': '1', 'ce-source': '/s', 'ce-specversion': '1.0' }, 'type'],
      [{ 'ce-id': '1', 'ce-type': 'a.b', 'ce-specversion': '1.0' }, 'source'],
      [{ 'ce-id': '1', 'ce-type': '%zz', 'ce-source': '/s', 'ce-specversion': '1.0' }, 'binary mode'],
    ])('answers 400 to binary mode with the headers %j', async (headers, word) => {
      const { status, json } = await post('events/crm', '{}', {
        ...key,
        ...(headers as Record<string, string>),
        'content-type': 'application/json',
      });
      expect([status, json['error']]).toEqual([400, 'invalid_event']);
      expect(json['message']).toContain(word);
    });

    it('answers 400 to bytes that are no text, 415 to what is no CloudEvent, 401 without the key', async () => {
      expect((await post('events/crm', Buffer.from([0x22, 0xff]), structured)).status).toBe(400);
      expect((await post('events/crm', 'a=1', { ...key, 'content-type': 'text/csv' })).status).toBe(415);
      expect((await post('events/crm', '{}', { ...structured, authorization: 'Bearer no' })).status).toBe(
        401,
      );
      expect((await post('events/crm', '{}', { 'content-type': 'application/json' })).status).toBe(401);
    });
  });
});
