import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConsoleApp } from './console-app.js';

let redis: RedisForTest;
let client: Redis;
let api: ConsoleApp;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  api = await ConsoleApp.start(redis.url);
});
afterEach(async () => {
  await api.stop();
});

describe('every route under /api/', () => {
  const routesOf = () => api.routes.filter(({ url }) => url.startsWith('/api/'));

  it('is there', () => {
    expect(routesOf().map(({ method, url }) => `${method} ${url}`)).toEqual(
      expect.arrayContaining([
        'GET /api/v1/sources',
        'POST /api/v1/keys',
        'POST /api/v1/dead-letters/:id/replay',
      ]),
    );
  });

  it('needs a key, also on this machine, and one of ingest is none', async () => {
    const ingest = await api.key('ingest');
    for (const [index, { method, url }] of routesOf().entries()) {
      // After twenty wrong keys nothing more of this address would be checked.
      if (index > 0 && index % 20 === 0) {
        await api.stop();
        api = await ConsoleApp.start(redis.url);
      }
      const path = url.replaceAll(/:\w+/g, 'x');
      const body = method === 'POST' ? {} : undefined;
      const input = body === undefined ? { method } : { method, body };
      // An answer to HEAD has no body.
      const told = (error: string) => (method === 'HEAD' ? undefined : error);
      const stranger = await api.ask(path, input);
      expect([url, stranger.status, stranger.json['error']]).toEqual([url, 401, told('unauthorized')]);
      expect(stranger.headers.get('www-authenticate')).toBe('Bearer');
      const wrong = await api.ask(path, { ...input, key: ingest.slice(0, -1) + 'x' });
      expect([url, wrong.status]).toEqual([url, 401]);
      const sender = await api.ask(path, { ...input, key: ingest });
      expect([url, sender.status, sender.json['error']]).toEqual([url, 403, told('forbidden')]);
    }
  });

  it.each([
    ['GET', '/api/v1/sources', 'viewer'],
    ['GET', '/api/v1/dead-letters', 'viewer'],
    ['GET', '/api/v1/effects', 'viewer'],
    ['POST', '/api/v1/dead-letters/x/replay', 'operator'],
    ['GET', '/api/v1/audit', 'admin'],
    ['GET', '/api/v1/keys', 'admin'],
    ['DELETE', '/api/v1/keys/x', 'admin'],
  ] as const)('%s %s is for %s and those above', async (method, path, role) => {
    const roles = ['viewer', 'operator', 'admin'] as const;
    for (const each of roles) {
      const { status } = await api.ask(path, { method, key: await api.key(each) });
      expect([each, status === 403]).toEqual([each, roles.indexOf(each) < roles.indexOf(role)]);
    }
  });

  it('takes the key in x-api-key as well, and not from the URL', async () => {
    const key = await api.key('viewer');
    expect((await api.ask('/api/v1/sources', { headers: { 'x-api-key': key } })).status).toBe(200);
    expect((await api.ask(`/api/v1/sources?api_key=${key}`)).status).toBe(401);
  });

  it('answers with headers that let a browser do nothing with it', async () => {
    const { headers } = await api.ask('/api/v1/sources', { key: await api.key('viewer') });
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('sources', () => {
  it('are told without what is secret about them', async () => {
    const { json, text } = await api.ask('/api/v1/sources', { key: await api.key('viewer') });
    expect(json['sources']).toEqual([
      {
        name: 'marketo-io',
        kind: 'adobe',
        routes: ['webhook'],
        path: '/ingest/adobe/marketo-io',
        insecure: false,
      },
      { name: 'pulled', kind: 'adobe', routes: ['journal'], insecure: false },
      {
        name: 'marketo-push',
        kind: 'marketo',
        routes: ['webhook'],
        path: '/ingest/marketo/marketo-push',
        insecure: false,
      },
      { name: 'crm', kind: 'events', routes: ['webhook'], path: '/ingest/events/crm', insecure: false },
      { name: 'lab', kind: 'events', routes: ['webhook'], path: '/ingest/events/lab', insecure: true },
    ]);
    expect(text).not.toContain('secret');
  });
});

describe('guessing', () => {
  it('ends after twenty tries, for the guesser and not for whoever has a good key', async () => {
    const viewer = await api.key('viewer');
    const late = await api.key('viewer', 'late');
    expect((await api.ask('/api/v1/sources', { key: viewer })).status).toBe(200);
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const statuses: number[] = [];
    for (let i = 0; i < 22; i += 1) {
      const guess = `sgm_${String(i).padStart(10, '0')}_${'A'.repeat(43)}`;
      statuses.push((await api.ask('/api/v1/sources', { key: guess })).status);
    }
    const lines = JSON.stringify(warn.mock.calls);
    warn.mockRestore();
    expect(statuses).toEqual([...Array<number>(20).fill(401), 429, 429]);
    expect(lines).toContain('127.0.0.1');
    expect(lines).not.toContain('AAAA');
    const stopped = await api.ask('/api/v1/sources', { key: late });
    expect([stopped.status, stopped.json['error']]).toEqual([429, 'too_many_attempts']);
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await api.ask('/api/v1/sources', { key: viewer })).status).toBe(200);
  });
});

it('answers 503 while Redis is away, and 401 to nobody for it', async () => {
  const key = await api.key('viewer');
  await redis.kill9();
  const { status, json, headers } = await api.ask('/api/v1/sources', { key });
  await redis.restart();
  expect([status, json['error'], headers.get('retry-after')]).toEqual([503, 'access.unavailable', '5']);
  await eventually(async () => (await api.ask('/api/v1/sources', { key })).status === 200);
});
