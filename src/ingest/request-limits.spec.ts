import type { IncomingMessage } from 'node:http';
import { fastify } from 'fastify';
import { REQUEST_LIMITS } from './request-limits.js';

describe('limits of a request', () => {
  it('reach the server: one request may take 15 s, its headers 10 s, silence 75 s', () => {
    const { server } = fastify({ ...REQUEST_LIMITS });
    expect(server.headersTimeout).toBe(10_000);
    expect(server.timeout).toBe(75_000);
    expect(server.requestTimeout).toBe(15_000);
  });

  it.each([
    ['/ingest/events/crm?a=1', '/ingest/events/crm?a=1'],
    ['http://evil.example/ingest/events/crm', '/ingest/events/crm'],
    ['HTTPS://user:pass@evil.example:1/ingest', '/ingest'],
    ['http://evil.example', '/'],
    ['http://evil.example?a=1', '/?a=1'],
    ['//ingest/events/crm', '//ingest/events/crm'],
    ['*', '/*'],
  ])('take the target %s for %s', (url, path) => {
    expect(REQUEST_LIMITS.rewriteUrl({ url } as IncomingMessage)).toBe(path);
  });
});
