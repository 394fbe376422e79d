import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { ApiKeys } from '../../../src/access/api-keys.js';
import { FirstAdminKey } from '../../../src/access/first-admin-key.js';
import { Journal } from '../../../src/journal/journal.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

let redis: RedisForTest;
let client: Redis;
let connections: RedisConnections;
let keys: ApiKeys;
let journal: Journal;
let dataDir: string;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  connections = new RedisConnections(redis.url);
  keys = new ApiKeys(connections);
  journal = new Journal(connections);
  await keys.onModuleInit();
});
afterAll(async () => {
  client.disconnect();
  await connections.close();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  dataDir = mkdtempSync(join(tmpdir(), 'signalman-access-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true });
});

const start = async (sandbox = false, folder = dataDir) => {
  await new FirstAdminKey(keys, journal, { dataDir: folder, sandbox }).onApplicationBootstrap();
};

it('is made once, for its own user alone, and stands in the audit', async () => {
  await start();
  const file = join(dataDir, 'admin.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8').trim();
  expect(await keys.verify(text)).toMatchObject({ role: 'admin' });
  await start();
  expect(readFileSync(file, 'utf8').trim()).toBe(text);
  expect(readdirSync(dataDir)).toEqual(['admin.key']);
  const id = text.split('_')[1];
  expect(await journal.latest('audit', 9)).toMatchObject([
    { audit: { who: 'signalman', what: 'key.created', target: id } },
  ]);
});

it('of many processes with one folder is made by one', async () => {
  await Promise.all(Array.from({ length: 8 }, () => start()));
  const listed = await keys.list();
  expect(listed).toHaveLength(1);
  expect(readFileSync(join(dataDir, 'admin.key'), 'utf8')).toContain(`sgm_${listed[0]?.id ?? ''}_`);
  expect(readdirSync(dataDir)).toEqual(['admin.key']);
});

it('of the sandbox lies with the sandbox, whose folder need not be there', async () => {
  await start(true);
  expect(readdirSync(dataDir)).toEqual(['sandbox']);
  expect(readdirSync(join(dataDir, 'sandbox'))).toEqual(['admin.key']);
});

it('takes the place of one that was revoked', async () => {
  await start();
  const old = readFileSync(join(dataDir, 'admin.key'), 'utf8').trim();
  await keys.revoke(old.split('_')[1] ?? '', { force: true });
  await start();
  const text = readFileSync(join(dataDir, 'admin.key'), 'utf8').trim();
  expect(text).not.toBe(old);
  expect(await keys.verify(old)).toBeUndefined();
  expect(await keys.verify(text)).toMatchObject({ role: 'admin' });
});

describe('that cannot be written', () => {
  it.each([
    [
      'because a file stands where the folder should',
      (folder: string) => {
        writeFileSync(folder, '');
      },
    ],
    [
      'because its name is a folder with something in it',
      (folder: string) => {
        mkdirSync(join(folder, 'admin.key', 'x'), { recursive: true });
      },
    ],
  ])('is not made (%s), and the log says what to do', async (_why, prepare) => {
    const folder = join(dataDir, 'data');
    prepare(folder);
    const warn = jest.spyOn(Logger.prototype, 'warn');
    await start(false, folder);
    const lines = warn.mock.calls.map(([line]) => String(line));
    warn.mockRestore();
    expect(lines).toEqual([expect.stringMatching(/signalman keys create --role admin/)]);
    expect(lines.join()).not.toContain('sgm_');
    expect(await keys.list()).toEqual([]);
  });
});
