import { Webhook } from 'standardwebhooks';
import { WebhookReceiver } from '../../../src/sandbox/webhook-receiver.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = '{"text":"Grüße"}';

let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = new WebhookReceiver(SECRET);
  await receiver.listen('127.0.0.1', 0);
});

afterEach(() => receiver.close());

/** Headers by the reference library of the specification. */
function signed(id: string, at = new Date(), secret = SECRET): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, BODY),
  };
}

async function post(headers: Record<string, string>, body = BODY): Promise<number> {
  return (await fetch(receiver.url, { method: 'POST', headers, body })).status;
}

function minutesFromNow(minutes: number): Date {
  return new Date(Date.now() + minutes * 60_000);
}

describe('WebhookReceiver', () => {
  it('takes what the reference library signed, and counts repeats of an id', async () => {
    expect(await post(signed('one'))).toBe(200);
    expect(await post(signed('two'))).toBe(200);
    expect(await post(signed('one'))).toBe(200);
    expect(receiver.all().map(({ id }) => id)).toEqual(['one', 'two', 'one']);
    expect(receiver.unique().map(({ id, count }) => [id, count])).toEqual([
      ['one', 2],
      ['two', 1],
    ]);
    expect(receiver.all()[0]?.body).toBe(BODY);
  });

  it('takes a delivery of which one signature of several matches, as during a change of secrets', async () => {
    const headers = signed('one');
    const list = `v1,AAAA v1a,BBBB ${headers['webhook-signature'] ?? ''}`;
    expect(await post({ ...headers, 'webhook-signature': list })).toBe(200);
  });

  it.each([
    ['another secret', () => signed('one', new Date(), 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'), BODY],
    ['another body', () => signed('one'), `${BODY} `],
    ['another id than was signed', () => ({ ...signed('one'), 'webhook-id': 'two' }), BODY],
    ['a time six minutes ago', () => signed('one', minutesFromNow(-6)), BODY],
    ['a time in six minutes', () => signed('one', minutesFromNow(6)), BODY],
    ['a time that is no number', () => ({ ...signed('one'), 'webhook-timestamp': 'now' }), BODY],
    ['no signature', () => ({ 'webhook-id': 'one', 'webhook-timestamp': '1' }), BODY],
    ['no headers', () => ({}), BODY],
  ])('refuses %s with 401', async (_what, headers, body) => {
    expect(await post(headers(), body)).toBe(401);
    expect(receiver.all()).toHaveLength(0);
    expect(receiver.refused.size).toBe(1);
  });

  it('takes a delivery four minutes old', async () => {
    expect(await post(signed('one', minutesFromNow(-4)))).toBe(200);
  });

  it('fails as told, before or after the delivery took effect, and then works again', async () => {
    receiver.failNext({ httpStatus: 503, headers: { 'retry-after': '7' } });
    receiver.failNext({ reset: true, afterEffect: true });
    const refused = await fetch(receiver.url, { method: 'POST', headers: signed('a'), body: BODY });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '7']);
    await expect(post(signed('b'))).rejects.toThrow('fetch failed');
    expect(await post(signed('c'))).toBe(200);
    expect(receiver.all().map(({ id }) => id)).toEqual(['b', 'c']);
    expect(receiver.requests.size).toBe(3);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('takes %s', async (method) => {
    const { status } = await fetch(receiver.url, { method, headers: signed('one'), body: BODY });
    expect([status, receiver.deliveries.last?.method]).toEqual([200, method]);
  });

  it('takes no other method', async () => {
    const { status } = await fetch(receiver.url, { headers: signed('one') });
    expect([status, receiver.all().length]).toEqual([405, 0]);
  });

  it('cuts the connection in the middle of its answer', async () => {
    receiver.failNext({ cutBody: true });
    const answer = await fetch(receiver.url, { method: 'POST', headers: signed('one'), body: BODY });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(receiver.all()).toHaveLength(1);
  });

  it('answers byte by byte, and closes at once meanwhile', async () => {
    receiver.failNext({ trickleMs: 1 });
    const whole = await fetch(receiver.url, { method: 'POST', headers: signed('one'), body: BODY });
    const pieces: Uint8Array[] = [];
    for await (const piece of whole.body as AsyncIterable<Uint8Array>) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('{"received":true}');
    expect(pieces.length).toBeGreaterThan(1);
    receiver.failNext({ trickleMs: 60_000 });
    const endless = await fetch(receiver.url, { method: 'POST', headers: signed('two'), body: BODY });
    const read = expect(endless.text()).rejects.toThrow('terminated');
    await receiver.close();
    await read;
  });

  it('closes at once while a request hangs', async () => {
    receiver.failNext({ hang: true });
    const hanging = expect(post(signed('a'))).rejects.toThrow('fetch failed');
    await receiver.requests.waitForCount(1);
    await receiver.close();
    await hanging;
  });
});
