import { userInfo } from 'node:os';
import { Redis } from 'ioredis';
import { keysCommand } from '../../../src/cli/keys.command.js';
import { runCli } from '../../../src/cli/program.js';
import type { AppConfig } from '../../../src/config/app-config.js';
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
afterEach(async () => {
  await client.flushall();
});

const config = () => ({ redisUrl: redis.url, dataDir: '/nowhere' }) as AppConfig;

async function keys(...args: string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  await runCli(['keys', ...args], terminal, config);
  return terminal;
}

async function created(...args: string[]): Promise<{ text: string; id: string }> {
  const { printed, failed } = await keys('create', ...args);
  expect(failed).toBe(false);
  const [text = ''] = printed;
  return { text, id: text.split('_')[1] ?? '' };
}

it('is a command of its own', () => {
  expect(keysCommand(recordedTerminal(), config).commands.map((command) => command.name())).toEqual([
    'create',
    'list',
    'revoke',
  ]);
});

async function contentOf(name: string): Promise<unknown> {
  const type = await client.type(name);
  if (type === 'hash') return await client.hgetall(name);
  return type === 'stream' ? await client.xrange(name, '-', '+') : await client.get(name);
}

it('prints a key once and keeps none of its secret', async () => {
  const { text } = await created('--role', 'viewer', '--name', 'Grafana');
  expect(text).toMatch(/^sgm_[0-9a-f]{10}_[\w-]{43}$/);
  const secret = text.split('_').slice(2).join('_');
  for (const name of await client.keys('*')) {
    expect(JSON.stringify(await contentOf(name))).not.toContain(secret);
  }
});

it('lists what there is', async () => {
  expect((await keys('list')).printed).toEqual(['There are no keys.']);
  const one = await created('--role', 'viewer', '--name', 'Grafana');
  const two = await created('--role', 'ingest', '--name', 'CRM', '--source', 'crm');
  const { printed } = await keys('list');
  expect(printed).toEqual([
    'id          name     role    source  created           last used',
    expect.stringMatching(
      new RegExp(`^${one.id}  Grafana  viewer          \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d  never$`),
    ),
    expect.stringMatching(new RegExp(`^${two.id}  CRM      ingest  crm     \\S{16}  never$`)),
  ]);
  expect(JSON.parse((await keys('list', '--json')).printed.join(''))).toMatchObject([
    { id: one.id, role: 'viewer', createdBy: `cli:${userInfo().username}` },
    { id: two.id, source: 'crm' },
  ]);
});

it('revokes, and names the nearest id when there is no such key', async () => {
  const { id } = await created('--role', 'viewer', '--name', 'Grafana');
  const slip = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
  const wrong = await keys('revoke', slip);
  expect(wrong.complaints).toEqual([`There is no key "${slip}". Did you mean ${id}?`]);
  expect(wrong.failed).toBe(true);
  expect((await keys('revoke', id)).printed).toEqual([`Key ${id} (Grafana) is revoked.`]);
  expect((await keys('list')).printed).toEqual(['There are no keys.']);
});

it('keeps the last admin unless it is forced', async () => {
  const { id } = await created('--role', 'admin', '--name', 'me');
  const refused = await keys('revoke', id);
  expect(refused.failed).toBe(true);
  expect(refused.complaints.join()).toMatch(/last one of an admin/);
  expect((await keys('revoke', id, '--force')).failed).toBe(false);
});

it.each([
  [['--role', 'boss', '--name', 'x'], /ingest, viewer, operator, admin/],
  [['--role', 'viewer'], /--name/],
  [['--role', 'viewer', '--name', 'two\nlines'], /name of 1 to 80 characters in one line/],
  [['--role', 'viewer', '--name', '\u001b[2J'], /in one line/],
  [['--role', 'viewer', '--name', 'x', '--source', 'crm'], /role ingest/],
  [['--role', 'ingest', '--name', 'x', '--source', '../crm'], /name of a source/],
])('refuses to create with %j', async (args, complaint) => {
  const terminal = await keys('create', ...args);
  expect(terminal.failed).toBe(true);
  expect(terminal.complaints.join('\n')).toMatch(complaint);
  expect(await client.keys('signalman:access:*')).toEqual([]);
});

it('writes down every change, and shows it as the book audit', async () => {
  const { id } = await created('--role', 'viewer', '--name', 'Grafana');
  await keys('revoke', id);
  const terminal = recordedTerminal();
  await runCli(['journal', 'audit'], terminal, config);
  const who = `by cli:${userInfo().username} from \\S+  \\(viewer "Grafana"\\)`;
  expect(terminal.printed).toEqual([
    expect.stringMatching(new RegExp(`^\\S+Z  key.revoked  ${id}  ${who}$`)),
    expect.stringMatching(new RegExp(`^\\S+Z  key.created  ${id}  ${who}$`)),
  ]);
});
