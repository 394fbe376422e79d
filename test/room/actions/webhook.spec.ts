import type { RequestListener } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { HttpClient } from '../../../src/http/http-client.js';
import { WebhookAction } from '../../../src/actions/webhook/webhook.action.js';
import type { GivenAnswer } from '../../../src/contracts/attempt.js';
import { systemClock } from '../../../src/contracts/clock.js';
import type { WebhookDestination } from '../../../src/contracts/connections.js';
import type { Fault } from '../../../src/sandbox/http/fault.js';
import { WebhookReceiver } from '../../../src/sandbox/webhook-receiver.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { serve, type TestServer } from '../../support/http-server.js';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`;
const NOW = Date.parse('2026-03-04T05:06:07Z');
const effect = effectOf('webhook', { to: 'there', body: { text: 'naïve “€”', n: [1, null] } });

describe('the webhook action', () => {
  const http = new HttpClient();
  const receiver = new WebhookReceiver(SECRET);
  const action = new WebhookAction(http, systemClock);
  let server: TestServer | undefined;

  beforeAll(() => receiver.listen('127.0.0.1', 0));
  afterEach(async () => {
    receiver.clear();
    await server?.close();
    server = undefined;
  });
  afterAll(async () => {
    await http.close();
    await receiver.close();
  });

  async function serving(listener: RequestListener): Promise<WebhookDestination> {
    server = await serve(listener);
    return { ...receiver.destination(), url: `${server.origin}/hook?key=not-to-be-told` };
  }

  it('posts the body, signed so that a library of Standard Webhooks verifies it', async () => {
    const receipt = await action.send(attemptAt(receiver.destination(), effect));
    expect(receipt).toEqual({ summary: '200 OK' });
    const delivery = receiver.deliveries.last;
    const verified = new Webhook(SECRET).verify(
      delivery?.body ?? '',
      delivery?.headers as Record<string, string>,
    );
    expect(verified).toEqual({ text: 'naïve “€”', n: [1, null] });
    expect(delivery?.headers).toMatchObject({ 'webhook-id': effect.id, 'content-type': 'application/json' });
  });

  it('tells nothing of a header or a query of its connection that the receiver quotes', async () => {
    const headers = {
      authorization: 'Bearer geheim-geheim',
      'x-api-key': 'geheim/"geheim"',
      'x-mode': 'live',
    };
    const destination = await serving((request, response) => {
      const { authorization = '', ...others } = request.headers;
      const token = authorization.split(' ')[1];
      response.end(JSON.stringify({ live: true, token, authorization, at: request.url, others }));
    });
    const answered: GivenAnswer[] = [];
    const attempt = attemptAt({ ...destination, headers }, effect);
    const trace = { sent: () => undefined, answered: (answer: GivenAnswer) => void answered.push(answer) };
    await action.send({ ...attempt, trace });
    expect(answered[0]?.text).toContain(
      '{"live":true,"token":"***","authorization":"***","at":"/hook?key=***"',
    );
    expect(answered[0]?.text).not.toContain('geheim');
  });

  it('uses its connections again', async () => {
    const ports = new Set<number | undefined>();
    const destination = await serving((request, response) => {
      ports.add(request.socket.remotePort);
      request.resume().on('end', () => response.end('thanks'));
    });
    for (let i = 0; i < 10; i += 1) await action.send(attemptAt(destination, effect));
    expect(ports.size).toBeLessThan(4);
  });

  it.each([
    [400, 'never', false],
    [401, 'backoff', false],
    [404, 'never', false],
    [408, 'backoff', false],
    [429, 'backoff', false],
    [500, 'backoff', false],
    [502, 'backoff', true],
    [503, 'backoff', false],
    [504, 'backoff', true],
  ])('answers to %i: %s, outcome unknown %s', async (status, kind, outcomeUnknown) => {
    receiver.failNext({ httpStatus: status, body: 'no' });
    const failure = await failureOf(action.send(attemptAt(receiver.destination(), effect)));
    expect(failure).toMatchObject({ code: `http.${status}`, retry: { kind }, outcomeUnknown });
  });

  it.each([
    [429, '7', NOW + 7_000],
    [503, 'Wed, 04 Mar 2026 05:07:07 GMT', NOW + 60_000],
    [429, 'Wed, 04 Mar 2020 05:07:07 GMT', NOW + 1_000],
    [503, '0', NOW + 1_000],
    [429, '99999999', NOW + 86_400_000],
  ])('sends nothing more until the time when %i says Retry-After: %s', async (status, header, at) => {
    const still = new WebhookAction(http, { now: () => NOW });
    receiver.failNext({ httpStatus: status, headers: { 'retry-after': header } });
    const failure = await failureOf(still.send(attemptAt(receiver.destination(), effect)));
    expect(failure).toMatchObject({ retry: { kind: 'at', at }, destination: 'down' });
  });

  it('takes 410 for the wish to be sent nothing more', async () => {
    receiver.failNext({ httpStatus: 410 });
    const failure = await failureOf(action.send(attemptAt(receiver.destination(), effect)));
    expect(failure).toMatchObject({
      code: 'http.410',
      message: 'The webhook there answered 410 Gone: it asks to be sent nothing more',
      retry: { kind: 'never' },
      destination: 'gone',
      outcomeUnknown: false,
    });
  });

  it('refuses a body that is too long before anything is sent', async () => {
    const bodyOf = (bytes: number) => ({ to: 'there', body: { text: 'é'.repeat((bytes - 11) / 2) } });
    const fits = effectOf('webhook', bodyOf(262_143));
    expect(await action.send(attemptAt(receiver.destination(), fits))).toEqual({ summary: '200 OK' });
    const long = effectOf('webhook', bodyOf(262_145));
    const failure = await failureOf(action.send(attemptAt(receiver.destination(), long)));
    expect(failure).toMatchObject({
      code: 'webhook.too_long',
      retry: { kind: 'never' },
      destination: undefined,
    });
    expect(failure.message).toContain('has 257 kB, but a webhook carries 256 kB at most');
    expect(receiver.requests.size).toBe(1);
  });

  it.each(['in 5 minutes', '', '-5', '2026-03-05'])('overlooks Retry-After: %s', async (header) => {
    receiver.failNext({ httpStatus: 429, headers: { 'retry-after': header } });
    const failure = await failureOf(action.send(attemptAt(receiver.destination(), effect)));
    expect(failure.retry).toEqual({ kind: 'backoff' });
  });

  it('does not follow a redirect', async () => {
    const seen: unknown[] = [];
    const destination = await serving((request, response) => {
      seen.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    const failure = await failureOf(action.send(attemptAt(destination, effect)));
    expect(failure).toMatchObject({ code: 'http.307', retry: { kind: 'never' } });
    expect(failure.message).toContain('redirects are not followed');
    expect(seen).toHaveLength(1);
  });

  it('gives up on a receiver that hangs, and does not know whether it acted', async () => {
    receiver.failNext({ hang: true });
    const failure = await failureOf(action.send(attemptAt(receiver.destination(), effect, 150)));
    expect(failure).toMatchObject({ code: 'http.timeout', retry: { kind: 'backoff' }, outcomeUnknown: true });
  });

  it('does not know the outcome when the connection is cut before the answer', async () => {
    receiver.failNext({ reset: true });
    const failure = await failureOf(action.send(attemptAt(receiver.destination(), effect)));
    expect(failure).toMatchObject({ code: 'http.lost', retry: { kind: 'backoff' }, outcomeUnknown: true });
    expect(failure.message).not.toContain(receiver.url);
  });

  it('knows that nothing was sent when nobody listens', async () => {
    const destination = await serving(() => undefined);
    await server?.close();
    server = undefined;
    const failure = await failureOf(action.send(attemptAt(destination, effect)));
    expect(failure).toMatchObject({
      code: 'http.connect',
      retry: { kind: 'backoff' },
      outcomeUnknown: false,
    });
    expect(failure.message).not.toContain('not-to-be-told');
  });

  it.each<[string, RequestListener]>([
    [
      'is too long',
      (_request, response) => {
        const chunk = Buffer.alloc(65_536);
        const pump = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.writeHead(200).on('drain', pump);
        pump();
      },
    ],
    [
      'never ends',
      (_request, response) => {
        response.writeHead(202).write('…');
      },
    ],
  ])('is done with a 2xx whose body %s', async (_name, listener) => {
    const destination = await serving(listener);
    const receipt = await action.send(attemptAt(destination, effect, 400));
    expect(receipt.summary).toMatch(/^20[02] /);
  });

  it.each<[string, Fault]>([
    ['is cut in its middle', { cutBody: true }],
    ['comes byte by byte and never to its end', { trickleMs: 50 }],
  ])('is done with a 2xx whose body %s', async (_name, fault) => {
    receiver.failNext(fault);
    const receipt = await action.send(attemptAt(receiver.destination(), effect, 400));
    expect(receipt.summary).toBe('200 OK');
    expect(receiver.unique()).toHaveLength(1);
  });

  it('knows what an error says although its body is cut', async () => {
    receiver.failNext({ cutBody: true, httpStatus: 500, body: 'out of' });
    const answers: GivenAnswer[] = [];
    const trace = { sent: () => undefined, answered: (answer: GivenAnswer) => answers.push(answer) };
    const failure = await failureOf(action.send(attemptAt(receiver.destination(), effect, 5_000, trace)));
    expect(failure).toMatchObject({ code: 'http.500', retry: { kind: 'backoff' } });
    expect(answers).toEqual([{ status: 500, text: 'out of' }]);
  });

  it.each(['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1'])(
    'refuses to reach its own machine as %s',
    async (host) => {
      let reached = false;
      const destination = await serving((_request, response) => {
        reached = true;
        response.end();
      });
      const url = `http://${host}:${new URL(destination.url).port}/`;
      const failure = await failureOf(
        action.send(attemptAt({ ...destination, url, allowPrivateAddresses: false }, effect)),
      );
      expect(failure).toMatchObject({
        code: 'http.private_address',
        message: expect.stringContaining(
          `not a public address; set "allowPrivateAddresses": true in connection "${effect.to}" to allow it`,
        ) as string,
        retry: { kind: 'never' },
        outcomeUnknown: false,
      });
      expect(reached).toBe(false);
    },
  );

  it('refuses an effect whose parameters are not those of a webhook', async () => {
    const bent = effectOf('webhook', { body: 1 });
    const failure = await failureOf(action.send(attemptAt(receiver.destination(), bent)));
    expect(failure).toMatchObject({ code: 'params.invalid', retry: { kind: 'never' } });
  });
});
