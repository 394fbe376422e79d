import { HttpClient, type HttpRequest } from '../../../src/http/http-client.js';
import { failureOf } from '../../support/attempts.js';
import { serve, type TestServer } from '../../support/http-server.js';

describe('the HTTP client', () => {
  const http = new HttpClient();
  let server: TestServer;
  let requests = 0;

  beforeAll(async () => {
    server = await serve(() => {
      requests += 1;
    });
  });
  beforeEach(() => {
    requests = 0;
  });
  afterAll(async () => {
    await http.close();
    await server.close();
  });

  const request = (changes: Partial<HttpRequest> = {}): HttpRequest => ({
    service: 'The test',
    method: 'POST',
    url: server.origin,
    headers: {},
    signal: new AbortController().signal,
    timeoutMs: 100,
    ...changes,
  });

  it('ends by its own time-out when nobody else does', async () => {
    const failure = await failureOf(http.send(request()));
    expect(failure).toMatchObject({ code: 'http.timeout', outcomeUnknown: true });
    expect(requests).toBe(1);
  });

  it('is never in doubt about a read', async () => {
    const failure = await failureOf(http.send(request({ method: 'GET' })));
    expect(failure).toMatchObject({ code: 'http.timeout', outcomeUnknown: false });
  });

  it('sends nothing once the time is up', async () => {
    const failure = await failureOf(http.send(request({ signal: AbortSignal.abort() })));
    expect(failure).toMatchObject({
      code: 'http.timeout',
      retry: { kind: 'backoff' },
      outcomeUnknown: false,
    });
    expect(requests).toBe(0);
  });

  it.each([
    ['a URL', { url: 'acme.example/hook' }],
    ['a header', { headers: { authorization: 'Bearer a\nb' } }],
  ])('refuses %s that no request can be made of, without repeating it', async (_name, changes) => {
    const failure = await failureOf(http.send(request(changes)));
    expect(failure).toMatchObject({
      code: 'http.invalid_request',
      retry: { kind: 'never' },
      outcomeUnknown: false,
    });
    expect(requests).toBe(0);
  });

  it('knows that nothing was sent when the other side speaks no TLS', async () => {
    const url = server.origin.replace('http:', 'https:');
    const failure = await failureOf(http.send(request({ url, timeoutMs: 4_000 })));
    expect(failure).toMatchObject({
      code: 'http.connect',
      retry: { kind: 'backoff' },
      outcomeUnknown: false,
    });
  });

  it('knows that nothing was sent to a name that does not exist', async () => {
    const failure = await failureOf(http.send(request({ url: 'http://nowhere.invalid/', timeoutMs: 9_000 })));
    expect(failure).toMatchObject({
      code: 'http.connect',
      retry: { kind: 'backoff' },
      outcomeUnknown: false,
    });
  });
});
