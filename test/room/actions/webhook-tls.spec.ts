import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { WebhookAction } from '../../../src/actions/webhook/webhook.action.js';
import { systemClock } from '../../../src/contracts/clock.js';
import type { WebhookDestination } from '../../../src/contracts/connections.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { Authority } from '../../support/certificates.js';

describe('a webhook with mutual TLS', () => {
  const authority = new Authority('The authority');
  const stranger = new Authority('A stranger');
  const http = new HttpClient();
  const action = new WebhookAction(http, systemClock);
  const effect = effectOf('webhook', { to: 'there', body: {} });
  /** Whom the server took each request to be from. */
  const callers: string[] = [];
  const sockets = new Set<unknown>();
  let server: Server;

  beforeAll(async () => {
    server = createServer(
      { ...authority.issue('The server'), ca: authority.cert, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        sockets.add(request.socket);
        callers.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
        request.resume().on('end', () => response.end());
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    callers.length = 0;
    sockets.clear();
  });
  afterAll(async () => {
    await http.close();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  const destination = (
    tls: WebhookDestination['tls'],
    changes: Partial<WebhookDestination> = {},
  ): WebhookDestination => ({
    kind: 'webhook',
    url: `https://localhost:${(server.address() as AddressInfo).port}/`,
    method: 'POST',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    headers: {},
    allowPrivateAddresses: true,
    ...(tls === undefined ? {} : { tls }),
    ...changes,
  });

  it('shows its certificate, and each connection its own', async () => {
    const one = destination({ ca: authority.cert, ...authority.issue('one') });
    const two = destination({ ca: authority.cert, ...authority.issue('two') });
    for (const to of [one, two, one, two]) await action.send(attemptAt(to, effect));
    expect(callers).toEqual(['one', 'two', 'one', 'two']);
    expect(sockets.size).toBe(2);
  });

  it.each([
    ['of a stranger', { ca: authority.cert, ...stranger.issue('nobody') }],
    ['of nobody', { ca: authority.cert }],
  ])('is refused with the certificate %s', async (_name, tls) => {
    const failure = await failureOf(action.send(attemptAt(destination(tls), effect)));
    expect(failure).toMatchObject({ retry: { kind: 'backoff' }, destination: 'down' });
    expect(callers).toEqual([]);
  });

  it.each([
    ['an authority that it does not trust', { ca: stranger.cert }],
    ['an authority of its own while it trusts only the usual ones', undefined],
  ])('sends nothing to a server of %s', async (_name, tls) => {
    const failure = await failureOf(action.send(attemptAt(destination(tls), effect)));
    expect(failure).toMatchObject({ code: 'http.connect', destination: 'down', outcomeUnknown: false });
    expect(callers).toEqual([]);
  });

  it('refuses private addresses all the same', async () => {
    const tls = { ca: authority.cert, ...authority.issue('one') };
    const careful = destination(tls, { allowPrivateAddresses: false });
    const failure = await failureOf(action.send(attemptAt(careful, effect)));
    expect(failure).toMatchObject({ code: 'http.private_address', retry: { kind: 'never' } });
    expect(callers).toEqual([]);
  });

  it('drops the connections when the client is closed', async () => {
    const own = new HttpClient();
    const tls = { ca: authority.cert, ...authority.issue('one') };
    await new WebhookAction(own, systemClock).send(attemptAt(destination(tls), effect));
    const [socket] = sockets as Set<TLSSocket>;
    const closed = socket === undefined ? undefined : once(socket, 'close');
    await own.close();
    await closed;
    expect(socket?.destroyed).toBe(true);
  });
});
