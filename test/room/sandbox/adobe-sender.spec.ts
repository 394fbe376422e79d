import { createPublicKey, verify } from 'node:crypto';
import { AdobeKeyServer } from '../../../src/sandbox/adobe-key-server.js';
import { AdobeSender } from '../../../src/sandbox/adobe-sender.js';
import { newSigningKey } from '../../../src/sandbox/adobe/signing-key.js';
import type { SignedWith } from '../../../src/sandbox/adobe/delivery-headers.js';
import { type HttpAnswer, type HttpRequest, json, text } from '../../../src/sandbox/http/http-answer.js';
import { HttpStandIn } from '../../../src/sandbox/http/http-stand-in.js';
import { ACTIVITY } from '../../support/delivery-samples.js';

class Target extends HttpStandIn {
  reply: HttpAnswer = text(200, '');
  protected answer(): HttpAnswer {
    return this.reply;
  }
}

const sender = new AdobeSender({ clientId: 'client', signingKeys: [newSigningKey(), newSigningKey()] });
const keys = new AdobeKeyServer(sender.keys);
const target = new Target();

beforeAll(async () => {
  await Promise.all([keys.listen('127.0.0.1', 0), target.listen('127.0.0.1', 0)]);
});

beforeEach(() => {
  keys.clear();
  target.clear();
});

afterAll(() => Promise.all([sender.close(), keys.close(), target.close()]));

/** Which of the two signatures verify, by the rule of Adobe's documentation. */
async function goodSignatures(): Promise<boolean[]> {
  const { headers, body } = target.requests.all()[0] as HttpRequest;
  return Promise.all(
    [1, 2].map(async (n) => {
      const path = headers[`x-adobe-public-key${n}-path`];
      const signature = headers[`x-adobe-digital-signature-${n}`];
      if (path === undefined || signature === undefined) return false;
      const pem = await (await fetch(keys.origin + String(path))).text();
      return verify('rsa-sha256', body, createPublicKey(pem), Buffer.from(String(signature), 'base64'));
    }),
  );
}

describe('AdobeSender', () => {
  it.each<[SignedWith, boolean, boolean]>([
    ['both', true, true],
    [1, true, false],
    [2, false, true],
    ['crossed', false, false],
    ['wrong', false, false],
    ['garbage', false, false],
    ['none', false, false],
  ])('signs with %s: %s, %s', async (signedWith, first, second) => {
    await sender.send(target.origin, ACTIVITY, { signedWith });
    expect(await goodSignatures()).toEqual([first, second]);
  });

  it('signs the exact bytes of a ready body', async () => {
    const body = '[ {"a" : "ü"} ]\n';
    await sender.send(target.origin, body);
    expect(target.requests.last?.body.toString()).toBe(body);
    expect(await goodSignatures()).toEqual([true, true]);
  });

  it('sends a single event with the headers of one', async () => {
    await sender.send(target.origin, ACTIVITY, { retryCount: 2 });
    expect(target.requests.last?.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      'user-agent': 'Adobe/1.0',
      'x-adobe-event-id': ACTIVITY.eventid,
      'x-adobe-event-code': ACTIVITY.type,
      'x-adobe-retry-count': '2',
    });
    expect(target.requests.last?.headers['x-adobe-digital-signature-1']).toHaveLength(344);
    expect(target.requests.last?.headers['x-adobe-public-key1-path']).toMatch(
      /^\/prod\/keys\/pub-key-[A-Za-z0-9]{10}\.pem$/,
    );
  });

  it('takes id and code of an envelope from where they are', async () => {
    const event = { body: { type: 'com.adobe.platform.marketo.audit.user.email' } };
    await sender.send(target.origin, { eventid: 'e1', event });
    expect(target.requests.last?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-adobe-event-id': 'e1',
      'x-adobe-event-code': event.body.type,
    });
  });

  it('sends an array as a batch, without the headers of one event', async () => {
    await sender.send(target.origin, ACTIVITY, { batch: true, headers: { 'x-request-id': 'r1' } });
    const request = target.requests.last;
    expect(JSON.parse(request?.body.toString() ?? '')).toEqual([ACTIVITY]);
    expect(request?.headers).not.toHaveProperty('x-adobe-event-id');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'r1',
    });
  });

  it.each<[string, (challenge: string) => HttpAnswer, boolean]>([
    ['the value in JSON', (challenge) => json(200, { challenge }), true],
    ['the bare value', (challenge) => text(200, challenge), true],
    ['another value', () => json(200, { challenge: 'x' }), false],
    ['the value as HTML', (challenge) => text(200, challenge, { 'content-type': 'text/html' }), false],
    ['the value with 202', (challenge) => json(202, { challenge }), false],
  ])('judges an answer to the challenge: %s', async (_what, reply, accepted) => {
    target.reply = reply('c-1');
    expect(await sender.challenge(`${target.origin}/in?x=1`, 'c-1')).toMatchObject({ accepted });
    expect(target.requests.last?.url.search).toBe('?x=1&challenge=c-1');
  });
});

describe('AdobeKeyServer', () => {
  it('counts what is fetched, and knows no other key', async () => {
    const [{ path }] = sender.keys;
    await fetch(keys.origin + path);
    expect((await fetch(`${keys.origin}/prod/keys/pub-key-0000000000.pem`)).status).toBe(404);
    expect([keys.fetches(), keys.fetches(path)]).toEqual([2, 1]);
  });

  it('is out until it recovers', async () => {
    const url = keys.origin + sender.keys[0].path;
    keys.failNext({ httpStatus: 500, times: Infinity });
    for (let turn = 0; turn < 3; turn += 1) expect((await fetch(url)).status).toBe(500);
    keys.recover();
    expect((await fetch(url)).status).toBe(200);
  });
});
