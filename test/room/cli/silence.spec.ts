import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { runCli } from '../../../src/cli/program.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const RULE = {
  description: 'A new lead.',
  on: 'marketo.activity.newlead',
  actions: [{ type: 'slack', params: { to: 'ops', text: 'hello' } }],
};

let redis: RedisForTest;
let client: Redis;
const folder = mkdtempSync(join(tmpdir(), 'signalman-silence-'));
const rulesDir = join(folder, 'rules');
beforeAll(async () => {
  mkdirSync(join(rulesDir, 'leads'), { recursive: true });
  writeFileSync(join(rulesDir, 'leads', 'hot.json'), JSON.stringify(RULE));
  writeFileSync(join(rulesDir, 'leads', 'broken.json'), '{');
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await client.flushall();
});

const config = () =>
  ({
    redisUrl: redis.url,
    dataDir: '/nowhere',
    rulesDir,
    connectionsFile: '/nowhere/connections.json',
  }) as AppConfig;

async function silence(...args: string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  await runCli(['silence', ...args], terminal, config);
  return terminal;
}

async function added(...args: string[]): Promise<string> {
  const { printed, complaints, failed } = await silence('add', '--reason', 'a migration', ...args);
  expect([complaints, failed]).toEqual([[], false]);
  const [, id = ''] = /^Silence ([0-9a-f]{10}): .* until \S+Z\.$/.exec(printed.join('\n')) ?? [];
  expect(id).not.toBe('');
  return id;
}

const me = `cli:${userInfo().username}`;

it('sets, lists and ends, and writes every change down', async () => {
  expect((await silence('list')).printed).toEqual(['There are no silences.']);
  const id = await added('--rules', 'leads/*', '--for', '2h', '--lead', '7');
  const [listed] = JSON.parse((await silence('list', '--json')).printed.join('')) as Record<string, string>[];
  expect(listed).toMatchObject({ id, owner: me, createdBy: me, where: { leadId: '7' } });
  expect(Date.parse(listed?.['until'] ?? '') - Date.parse(listed?.['from'] ?? '')).toBe(2 * 3_600_000);
  expect((await silence('list')).printed).toEqual([
    expect.stringMatching(/^id +rules +only +state +from +until +owner +reason$/),
    expect.stringMatching(
      new RegExp(`^${id}  leads/\\*  lead 7  holds  \\S{16}  \\S{16}  ${me}  a migration$`),
    ),
  ]);
  expect((await silence('end', id)).printed).toEqual([`Silence ${id} has ended: leads/* may act again.`]);
  expect((await silence('list')).printed[1]).toContain('  ended  ');
  const again = await silence('end', id);
  expect([again.failed, again.complaints.join()]).toEqual([
    true,
    expect.stringMatching(new RegExp(`^Silence ${id} ended at `)),
  ]);
  const book = recordedTerminal();
  await runCli(['journal', 'audit'], book, config);
  expect(book.printed).toEqual([
    expect.stringMatching(new RegExp(`silence\\.ended  ${id}  by ${me} .*\\(leads/\\* until `)),
    expect.stringMatching(new RegExp(`silence\\.added  ${id}  by ${me} .*: a migration\\)$`)),
  ]);
});

it('sets one that comes again and again', async () => {
  const until = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  await added(
    '--rules',
    '*',
    '--every',
    '0 22 * * 6',
    '--zone',
    'Europe/Berlin',
    '--for',
    '4h',
    '--until',
    until,
  );
  const { printed } = await silence('list');
  expect(printed[1]).toContain('  4h from "0 22 * * 6" Europe/Berlin  holds  ');
});

it('names the nearest rule where there is none, and knows those whose files have errors now', async () => {
  const slip = await silence('add', '--reason', 'r', '--for', '1h', '--rules', 'leads/hit');
  expect([slip.failed, slip.complaints]).toEqual([
    true,
    ['There is no rule leads/hit in force. Did you mean leads/hot?'],
  ]);
  expect(await client.keys('*silences')).toEqual([]);
  await added('--rules', 'leads/broken', '--for', '1h');
  const nothing = await silence('add', '--reason', 'r', '--for', '1h', '--rules', 'lead/*');
  expect([nothing.failed, nothing.complaints]).toEqual([false, ['lead/* covers no rule that is there now.']]);
});

it.each([
  [[], /--for, or when it ends by --until/],
  [['--for', '1h', '--until', '2027-01-01'], /--for, or when it ends by --until/],
  [['--for', 'long'], /duration such as 90m/],
  [['--every', '0 22 * * 6', '--for', '1h'], /With --every say/],
  [['--zone', 'UTC', '--for', '1h'], /--every, which is missing/],
  [['--for', '1h', '--from', '2027-01-01'], /With --from say by --until/],
  [['--until', '2020-01-01'], /must lie in the future/],
  [['--until', 'tomorrow'], /a time such as/],
  [['--lead', 'x', '--for', '1h'], /lead in digits/],
])('refuses to add with %j', async (args, complaint) => {
  const { complaints, failed } = await silence('add', '--rules', '*', '--reason', 'r', ...args);
  expect(failed).toBe(true);
  expect(complaints.join('\n')).toMatch(complaint);
  expect(await client.keys('*silences')).toEqual([]);
});
