import { Redis } from 'ioredis';
import { runCli } from '../../../src/cli/program.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { DUE_KEY, ERASED_KEY, ownerKey } from '../../../src/redis/keys.js';
import { leadOwner } from '../../../src/contracts/lead-owner.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

let redis: RedisForTest;
let client: Redis;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

async function run(...args: string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  await runCli(args, terminal, () => ({ redisUrl: redis.url, dataDir: '/nowhere' }) as AppConfig);
  return terminal;
}

it('erases what is remembered of a lead, has the rest erased, and writes down who did it', async () => {
  const [owner, other] = ['5001', '5002'].map((id) => leadOwner('123-ABC-456', id)) as [string, string];
  for (const each of [owner, other]) await client.hset(ownerKey(each), { p: 'Ada', '~kx': '{}' });
  // In capitals or not.
  const { printed, complaints, failed } = await run('erase-lead', '123-abc-456', '5001');
  expect([complaints, failed]).toEqual([[], false]);
  expect(printed).toEqual([
    'What rules remembered of lead 123-ABC-456/5001 is erased.',
    'What was done about it goes from queue and book within minutes, while a worker runs.',
  ]);
  expect(await client.hgetall(ownerKey(owner))).toEqual({ x: '' });
  expect(await client.hgetall(ownerKey(other))).toEqual({ p: 'Ada', '~kx': '{}' });
  expect(await client.zrange(ERASED_KEY, '0', '-1')).toEqual([owner]);
  expect(await client.exists(DUE_KEY)).toBe(0);
  const { printed: book } = await run('journal', 'audit');
  expect(book).toEqual([expect.stringMatching(/lead\.erased {2}123-ABC-456\/5001 {2}by cli:/)]);
});

it.each([
  ['123-ABC', '5001', '123-ABC is no id such as 123-ABC-456.'],
  ['123-ABC-456', 'ada@acme.example', 'ada@acme.example is no id of a lead: it is a number.'],
])('refuses %s %s, and erases nothing', async (munchkinId, leadId, complaint) => {
  await client.flushall();
  const { complaints, failed } = await run('erase-lead', munchkinId, leadId);
  expect([complaints.join('\n'), failed]).toEqual([expect.stringContaining(complaint), true]);
  expect(await client.dbsize()).toBe(0);
});
