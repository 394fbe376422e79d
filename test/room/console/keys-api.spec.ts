import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
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

describe('keys over the API', () => {
  it('are made, listed and revoked by an admin, and every change is in the audit', async () => {
    const admin = await api.key('admin', 'me');
    const made = await api.ask('/api/v1/keys', {
      method: 'POST',
      key: admin,
      body: { name: 'Grafana', role: 'viewer' },
    });
    expect(made.status).toBe(201);
    const { id, key } = made.json as { id: string; key: string };
    expect((await api.ask('/api/v1/sources', { key })).status).toBe(200);
    const listed = await api.ask('/api/v1/keys', { key: admin });
    expect(listed.json['keys']).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, name: 'Grafana', role: 'viewer' })]),
    );
    expect(listed.text).not.toContain(key.slice(15));
    const revoked = await api.ask(`/api/v1/keys/${id}`, { method: 'DELETE', key: admin });
    expect(revoked.status).toBe(200);
    expect((await api.ask('/api/v1/sources', { key })).status).toBe(401);
    const { json } = await api.ask('/api/v1/audit?limit=2', { key: admin });
    const who = { who: admin.split('_')[1], name: 'me', from: '127.0.0.1', target: id };
    expect(json['changes']).toMatchObject([
      { ...who, what: 'key.revoked', detail: 'viewer "Grafana"' },
      { ...who, what: 'key.created' },
    ]);
  });

  it('the last admin stays', async () => {
    const admin = readFileSync(join(api.dataDir, 'admin.key'), 'utf8').trim();
    const { status, json } = await api.ask(`/api/v1/keys/${admin.split('_')[1] ?? ''}`, {
      method: 'DELETE',
      key: admin,
    });
    expect([status, json['error']]).toEqual([409, 'key.last_admin']);
    const unknown = await api.ask('/api/v1/keys/nobody', { method: 'DELETE', key: admin });
    expect([unknown.status, unknown.json['error']]).toEqual([404, 'key.unknown']);
  });

  it.each([
    ['', /JSON object/],
    ['{', /not JSON/],
    ['[]', /name/],
    ['null', /name/],
    ['7', /./],
    ['"x"', /./],
    [{ name: 'x', role: 'ingest', source: null }, /source: give/],
    [{ name: { toString: 'x' }, role: ['viewer'] }, /name/],
    [{ name: 'x' }, /role: give one of ingest, viewer, operator, admin/],
    [{ name: 'x', role: '__proto__' }, /role/],
    [{ name: 'a\nb', role: 'viewer' }, /name: give a name of 1 to 80 characters/],
    [{ name: 'x', role: 'ingest', source: 'crn' }, /no source "crn".*crm/],
    [{ name: 'x', role: 'viewer', source: 'crm' }, /role ingest/],
    [{ name: 'x', role: 'viewer', id: 'mine' }, /no member "id"/],
    [{ name: 'x'.repeat(20_000), role: 'viewer' }, /16384 bytes/],
  ])('answers 400 to %j, saying why', async (body, message) => {
    const { status, json } = await api.ask('/api/v1/keys', {
      method: 'POST',
      key: await api.key('admin'),
      body,
    });
    expect(status).toBe(400);
    expect(json['message']).toMatch(message);
  });

  it('are not made by what hides in the prototype', async () => {
    const body = '{"name":"x","role":"viewer","__proto__":{"role":"admin","source":"crm"}}';
    const made = await api.ask('/api/v1/keys', { method: 'POST', key: await api.key('admin'), body });
    expect(made.json).toMatchObject({ role: 'viewer' });
    expect(made.json).not.toHaveProperty('source');
  });
});

describe('the first start', () => {
  it('makes one admin key, in a file that only its user can read', async () => {
    const file = join(api.dataDir, 'admin.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = readFileSync(file, 'utf8').trim();
    expect((await api.ask('/api/v1/keys', { key })).json['keys']).toMatchObject([{ role: 'admin' }]);
  });

  it('happens once, also when processes start together, and never says the key', async () => {
    await client.flushall();
    const log = jest.spyOn(Logger.prototype, 'log');
    const apps = await Promise.all([1, 2, 3].map(() => ConsoleApp.start(redis.url)));
    const lines = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('admin key'));
    log.mockRestore();
    const admins = (await api.keys.list()).filter(({ role }) => role === 'admin');
    const written = apps.flatMap(({ dataDir }) => {
      try {
        return [readFileSync(join(dataDir, 'admin.key'), 'utf8').trim()];
      } catch {
        return [];
      }
    });
    for (const app of apps) await app.stop();
    expect(admins).toHaveLength(1);
    expect(written).toEqual([expect.stringContaining(`sgm_${admins[0]?.id ?? ''}_`)]);
    expect(lines).toEqual([expect.stringMatching(/lies in .*admin\.key$/)]);
    expect(lines.join()).not.toContain('sgm_');
  });
});
