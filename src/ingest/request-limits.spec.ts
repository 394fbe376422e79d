import { fastify } from 'fastify';
import { REQUEST_LIMITS } from './request-limits.js';

describe('limits of a request', () => {
  it('reach the server: one request may take 15 s, its headers 10 s, silence 75 s', () => {
    const { server } = fastify({ ...REQUEST_LIMITS });
    expect(server.headersTimeout).toBe(10_000);
    expect(server.timeout).toBe(75_000);
    expect(server.requestTimeout).toBe(15_000);
  });
});
