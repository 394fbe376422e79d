import { Redis } from 'ioredis';
import { ApiKeys } from '../../../src/access/api-keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const KEYS = 'signalman:access:keys';

let redis: RedisForTest;
let client: Redis;
let connections: RedisConnections;
let keys: ApiKeys;
/** Of another process. */
let others: ApiKeys;

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
  connections = new RedisConnections(redis.url);
  keys = new ApiKeys(connections);
  others = new ApiKeys(connections);
  await Promise.all([keys.onModuleInit(), others.onModuleInit()]);
});
afterEach(async () => {
  await connections.close();
});

const viewer = { name: 'Grafana', role: 'viewer', createdBy: 'cli:test' } as const;
const admin = { ...viewer, role: 'admin' } as const;

it('knows a key again that it made, in every process', async () => {
  const { key, text } = await keys.create({ ...viewer, role: 'ingest', source: 'crm' });
  const expected = { id: key.id, name: 'Grafana', role: 'ingest', source: 'crm' };
  expect(await keys.verify(text)).toEqual(expected);
  expect(await others.verify(text)).toEqual(expected);
});

it.each([
  ['', ''],
  ['nothing like it', 'x'],
  ['another secret', `sgm_ID_${'A'.repeat(43)}`],
  ['no secret', 'sgm_ID_'],
  ['the digest for the secret', 'sgm_ID_DIGEST'],
  ['more than the secret', 'sgm_ID_SECRETx'],
  ['another form of the id', 'SGM_ID_SECRET'],
  ['a member of every object', `sgm___proto___${'A'.repeat(43)}`],
  ['an id that nobody has', 'sgm_0000000000_SECRET'],
])('takes %s for nobody', async (_what, presented) => {
  const { key, text } = await keys.create(viewer);
  const { digest } = JSON.parse((await client.hget(KEYS, key.id)) ?? '{}') as { digest: string };
  const guess = presented.replace('ID', key.id).replace('SECRET', text.slice(15)).replace('DIGEST', digest);
  expect(await keys.verify(guess)).toBeUndefined();
  expect(await keys.verify(text)).toBeDefined();
});

it('keeps nothing from which a key could be had', async () => {
  const { key, text } = await keys.create(viewer);
  const kept = (await client.hget(KEYS, key.id)) ?? '';
  expect(kept).not.toContain(text.slice(15));
  expect(Object.keys(JSON.parse(kept) as object).sort()).toEqual([
    'createdAt',
    'createdBy',
    'digest',
    'id',
    'name',
    'role',
  ]);
});

it('a key that was revoked is nobody’s at once here, and within five seconds elsewhere', async () => {
  const { key, text } = await keys.create(viewer);
  expect(await keys.verify(text)).toBeDefined();
  expect(await others.verify(text)).toBeDefined();
  expect(await keys.revoke(key.id)).toMatchObject({ id: key.id });
  expect(await keys.verify(text)).toBeUndefined();
  const later = Date.now() + 5_000;
  const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
  try {
    expect(await others.verify(text)).toBeUndefined();
  } finally {
    clock.mockRestore();
  }
});

it('asks Redis once for what many requests present', async () => {
  const { text } = await keys.create(viewer);
  await client.config('RESETSTAT');
  await Promise.all(Array.from({ length: 500 }, () => keys.verify(text)));
  const stats = await client.info('commandstats');
  expect(/cmdstat_hget:calls=(\d+)/.exec(stats)?.[1]).toBe('1');
});

it('notes the use of a key, once a minute', async () => {
  const { text } = await keys.create(viewer);
  expect(await keys.list()).toMatchObject([{ name: 'Grafana' }]);
  expect((await keys.list())[0]?.lastUsedAt).toBeUndefined();
  await keys.verify(text);
  await eventually(async () => (await keys.list())[0]?.lastUsedAt !== undefined);
  await client.config('RESETSTAT');
  for (let i = 0; i < 10; i += 1) await keys.verify(text);
  expect(await client.info('commandstats')).not.toContain('cmdstat_hset');
});

it('makes one first admin, however many try', async () => {
  const made = await Promise.all(
    [1, 2, 3, 4].flatMap(() => [keys, others]).map((each) => each.createFirstAdmin('x')),
  );
  expect(made.filter((each) => each !== undefined)).toHaveLength(1);
  expect(await keys.list()).toHaveLength(1);
});

it('keeps the last admin, also when the last two are revoked at once', async () => {
  const { key: one } = await keys.create(admin);
  const { key: two } = await keys.create(admin);
  const ends = await Promise.allSettled([keys.revoke(one.id), others.revoke(two.id)]);
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await keys.list()).toHaveLength(1);
  const [{ id } = one] = await keys.list();
  await expect(keys.revoke(id)).rejects.toMatchObject({ code: 'key.last_admin' });
  await keys.revoke(id, { force: true });
  expect(await keys.list()).toEqual([]);
});

it('says while Redis is away that it cannot tell, but of a key that it knows', async () => {
  const { text: known } = await keys.create(viewer);
  const { text: unknown } = await others.create(viewer);
  await keys.verify(known);
  await redis.kill9();
  await expect(keys.verify(unknown)).rejects.toMatchObject({
    code: 'access.unavailable',
    retry: { kind: 'backoff' },
  });
  expect(await keys.verify(known)).toMatchObject({ name: 'Grafana' });
  expect(await keys.verify('x')).toBeUndefined();
  await redis.restart();
  await eventually(async () => (await keys.verify(unknown)) !== undefined);
});
