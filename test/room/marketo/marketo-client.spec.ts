import type { RequestListener } from 'node:http';
import { HttpClient } from '../../../src/http/http-client.js';
import { MarketoClient, type MarketoCall } from '../../../src/marketo/marketo-client.js';
import { MarketoTokens } from '../../../src/marketo/marketo-tokens.js';
import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';
import { failureOf } from '../../support/attempts.js';
import { serve } from '../../support/http-server.js';

const CREDENTIALS = { clientId: 'client', clientSecret: 's3cret' };

describe('the Marketo client', () => {
  const http = new HttpClient();
  // Sunday, 1 November 2026, the day on which the clocks in Chicago go back.
  const clock = { time: Date.parse('2026-11-01T18:00:00Z'), now: () => clock.time };
  const marketo = new MarketoStandIn('123-ABC-456', CREDENTIALS, clock);
  let client: MarketoClient;

  beforeAll(() => marketo.listen('127.0.0.1', 0));
  beforeEach(() => {
    client = new MarketoClient(http, new MarketoTokens(http, clock), clock);
  });
  afterEach(() => {
    expect(marketo.violations.all()).toEqual([]);
    marketo.clear();
  });
  afterAll(async () => {
    await http.close();
    await marketo.close();
  });

  const call = (timeoutMs = 5_000, changes: Partial<MarketoCall> = {}): MarketoCall => ({
    method: 'POST',
    path: '/rest/v1/lists/1/leads.json?id=7',
    timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
    ...changes,
  });
  const send = (timeoutMs?: number) => client.call(marketo.destination(), call(timeoutMs));
  const read = () =>
    client.call(marketo.destination(), call(200, { method: 'GET', path: '/rest/v1/lead/7.json' }));
  const count = (path: string) =>
    marketo.requests.all().filter(({ url }) => url.pathname.includes(path)).length;

  it('asks for one token for many calls at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(count('/identity/')).toBe(1);
    expect(count('/rest/')).toBe(8);
  });

  it('renews a token once when many calls at once find it expired', async () => {
    await send();
    marketo.access.expire();
    const rows = await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(rows.flatMap((answer) => answer.rows).every(({ status }) => status === 'added')).toBe(true);
    expect(count('/identity/')).toBe(2);
  });

  it('renews a token before it expires, and does not ask on every call near the end', async () => {
    await send();
    clock.time += 3_500_000;
    await send();
    expect(count('/identity/')).toBe(1);
    clock.time += 50_000;
    for (let i = 0; i < 5; i += 1) await send();
    expect(count('/identity/')).toBe(2);
    clock.time += 60_000;
    await send();
    expect(count('/identity/')).toBe(3);
    expect(marketo.calls.all().every(({ outcome }) => 'result' in outcome)).toBe(true);
  });

  it.each(['601', '602'])('repeats once after %s and then leaves it for later', async (code) => {
    marketo.failNext({ code });
    expect((await send()).rows).toEqual([{ id: 7, status: 'added' }]);
    marketo.failNext({ code, times: 2 });
    const before = count('/rest/');
    const failure = await failureOf(send());
    const later = { retry: { kind: 'backoff' }, destination: 'down' };
    expect(failure).toMatchObject({ code: `marketo.${code}`, ...later });
    expect(count('/rest/') - before).toBe(2);
  });

  it('is refused with wrong credentials until they are mended', async () => {
    const wrong = { ...marketo.destination(), clientSecret: 'wrong' };
    const failure = await failureOf(client.call(wrong, call()));
    const later = { retry: { kind: 'backoff' }, destination: 'down' };
    expect(failure).toMatchObject({ code: 'marketo.unauthorized', ...later });
    expect(failure.message).not.toContain('wrong');
  });

  it.each([
    ['answers 500', { httpStatus: 500 }],
    ['answers 504', { httpStatus: 504 }],
    ['cuts the connection', { reset: true }],
    ['answers without a token', { httpStatus: 200, body: '{}' }],
  ])('knows that nothing was done when the token service %s, and recovers', async (_name, fault) => {
    marketo.failNext({ ...fault, path: '/identity/' });
    const failures = await Promise.all([failureOf(send()), failureOf(send())]);
    for (const failure of failures) {
      expect(failure).toMatchObject({ retry: { kind: 'backoff' }, outcomeUnknown: false });
    }
    expect(count('/identity/')).toBe(1);
    await send();
  });

  it.each([
    ['hangs', { hang: true }, 'http.timeout'],
    ['cuts the connection', { reset: true }, 'http.lost'],
    ['says 604', { code: '604' }, 'marketo.604'],
  ])('is in doubt about a write, not about a read, when Marketo %s', async (_name, fault, code) => {
    await send();
    marketo.failNext(fault);
    expect(await failureOf(send(200))).toMatchObject({
      code,
      retry: { kind: 'backoff' },
      outcomeUnknown: true,
    });
    marketo.failNext(fault);
    expect(await failureOf(read())).toMatchObject({
      code,
      retry: { kind: 'backoff' },
      outcomeUnknown: false,
    });
  });

  it('asks with a query that is too long for a URI, and is not in doubt about what became of it', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => 1_000_000 + index);
    const unknown = Array.from({ length: 200 }, (_, index) => `aFieldWithALongNameOfItsOwn${index}`);
    marketo.instance.setLead(1_000_007, Object.fromEntries(unknown.map((name) => [name, 'x'])));
    const path = `/rest/v1/leads.json?filterType=id&filterValues=${ids.join()}&fields=id,${unknown.join()}`;
    expect(path.length).toBeGreaterThan(8_192);
    const ask = () => client.call(marketo.destination(), call(5_000, { method: 'GET', path }));
    const { rows } = await ask();
    expect(rows).toHaveLength(300);
    expect(Object.keys(rows.find(({ id }) => id === 1_000_007) ?? {})).toHaveLength(201);
    marketo.failNext({ reset: true });
    expect(await failureOf(ask())).toMatchObject({ code: 'http.lost', outcomeUnknown: false });
  });

  it('reads an answer of several megabytes', async () => {
    marketo.instance.setLead(7, { address: 'x'.repeat(3_000_000) });
    const path = '/rest/v1/lead/7.json?fields=address';
    const { rows } = await client.call(marketo.destination(), call(5_000, { method: 'GET', path }));
    expect(rows[0]?.['address']).toHaveLength(3_000_000);
  });

  it.each([
    [413, 'never'],
    [429, 'backoff'],
    [503, 'backoff'],
  ])('takes HTTP %i for what it is', async (httpStatus, kind) => {
    await send();
    marketo.failNext({ httpStatus });
    expect(await failureOf(send())).toMatchObject({ code: `http.${httpStatus}`, retry: { kind } });
  });

  it.each<[string, RequestListener]>([
    [
      'is cut in its middle',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"succ', () => response.destroy());
      },
    ],
    [
      'is a page for people',
      (_request, response) => {
        response.end('<html>Maintenance</html>');
      },
    ],
    [
      'says no more than that it failed',
      (_request, response) => {
        response.end('{"success":false}');
      },
    ],
  ])('does not know the outcome when an answer %s', async (_name, listener) => {
    const server = await serve((request, response) => {
      if (request.url?.startsWith('/identity/')) response.end('{"access_token":"t","expires_in":3599}');
      else listener(request, response);
    });
    const failure = await failureOf(client.call({ ...marketo.destination(), origin: server.origin }, call()));
    await server.close();
    expect(failure).toMatchObject({
      code: 'marketo.unreadable',
      retry: { kind: 'backoff' },
      outcomeUnknown: true,
    });
  });
});
