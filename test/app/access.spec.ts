import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { eventually } from '../support/eventually.js';
import type { AppProcess } from './support/app-process.js';
import { signalman } from './support/command-line.js';
import { House } from './support/house.js';

const EVENT = '{"specversion":"1.0","id":"1","source":"/lab","type":"com.acme.test"}';

let house: House;
beforeEach(async () => {
  house = await House.build({});
});
afterEach(async () => {
  await house.demolish();
});

const keyFile = () => join(house.folder, 'data', 'admin.key');
const adminKey = () => readFileSync(keyFile(), 'utf8').trim();

async function ask(
  { origin }: AppProcess,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const answer = await request(origin + path, { headers });
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
}

const withKey = (key: string) => ({ authorization: `Bearer ${key}` });

describe('with a Redis of its own', () => {
  const EMBEDDED = { REDIS_URL: '' };

  it('makes an admin key at the first start only, and says where it lies and not what it is', async () => {
    const first = await house.start(EMBEDDED);
    const key = adminKey();
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(first.log).toContain(`it lies in ${keyFile()}`);
    expect((await ask(first, '/api/v1/keys', withKey(key))).status).toBe(200);
    await first.stop();
    const second = await house.start(EMBEDDED);
    expect(adminKey()).toBe(key);
    expect((await ask(second, '/api/v1/keys', withKey(key))).status).toBe(200);
    expect(first.log + second.log).not.toContain('sgm_');
  });
});

it('takes keys that the command line makes beside it, and takes them no more when it revokes them', async () => {
  const app = await house.start();
  // This Redis gives reason to warn, and a program that reads the key must read nothing else.
  const { env } = house;
  const made = await signalman(['keys', 'create', '--role', 'viewer', '--name', 'Grafana'], env);
  expect(made).toMatchObject({ code: 0, output: expect.stringMatching(/^sgm_\S+\n$/) as string });
  const key = made.output.trim();
  const sources = async () => (await ask(app, '/api/v1/sources', withKey(key))).status;
  expect(await sources()).toBe(200);
  expect((await signalman(['keys', 'revoke', key.split('_')[1] ?? ''], env)).code).toBe(0);
  await eventually(async () => (await sources()) === 401, { timeoutMs: 7_000 });
  const audit = await ask(app, '/api/v1/audit?limit=2', withKey(adminKey()));
  expect(audit.body).toMatch(/key\.revoked.*key\.created/);
});

it('makes one admin key when processes of all roles start together, and each has the API', async () => {
  const apps = await Promise.all(
    ['all', 'ingest', 'worker'].map((role) => house.start({ SIGNALMAN_ROLE: role })),
  );
  const answers = await Promise.all(apps.map((app) => ask(app, '/api/v1/keys', withKey(adminKey()))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((JSON.parse(answers[0]?.body ?? '') as { keys: unknown[] }).keys).toHaveLength(1);
  expect(apps.filter(({ log }) => log.includes('Made an admin key'))).toHaveLength(1);
});

it('believes a proxy that it trusts, and strangers nothing', async () => {
  const [alone, behind] = await Promise.all([
    house.start(),
    house.start({ SIGNALMAN_TRUSTED_PROXIES: 'loopback' }),
  ]);
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' };
  const answers = await Promise.all([alone, behind].map((app) => ask(app, '/health/ready', forwarded)));
  expect(answers.map(({ body }) => body)).toEqual(['{"ok":true}', '{"ok":true}']);
  expect(answers.map(({ headers }) => headers['strict-transport-security'])).toEqual([
    undefined,
    'max-age=31536000',
  ]);
  const guess = withKey(`sgm_0123456789_${'A'.repeat(43)}`);
  await ask(alone, '/api/v1/keys', { ...forwarded, ...guess });
  await ask(behind, '/api/v1/keys', { ...forwarded, ...guess });
  await eventually(() => [alone, behind].every(({ log }) => log.includes('api.refused')));
  expect(alone.log).not.toContain('203.0.113.7');
  expect(behind.log).toContain('203.0.113.7');
  expect(alone.log + behind.log).not.toContain('AAAA');
});

it('takes from anybody what comes to a source that says that it is insecure, and only there', async () => {
  const file = join(house.folder, 'connections.json');
  const connections = JSON.parse(readFileSync(file, 'utf8')) as { sources: object };
  writeFileSync(
    file,
    JSON.stringify({
      ...connections,
      sources: { ...connections.sources, lab: { kind: 'events', insecure: true } },
    }),
  );
  const doors = house.doors(await house.start());
  const type = { 'content-type': 'application/cloudevents+json' };
  expect((await doors.post('/ingest/events/lab', EVENT, type)).status).toBe(202);
  expect((await doors.post('/ingest/events/crm', EVENT, type)).status).toBe(401);
});
