import { journalCommand } from '../../../src/cli/journal.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import type { JournalEntry } from '../../../src/journal/journal-entry.js';
import { Journal } from '../../../src/journal/journal.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

let redis: RedisForTest;
let connections: RedisConnections;

beforeAll(async () => {
  redis = await startRedis();
  connections = new RedisConnections(redis.url);
});

afterAll(async () => {
  await connections.close();
  await redis.stop();
});

async function journal(...args: string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = { redisUrl: redis.url, dataDir: '/nowhere' } as AppConfig;
  await journalCommand(terminal, () => config)
    .exitOverride()
    .configureOutput({ writeErr: terminal.complain })
    .parseAsync(args, { from: 'user' });
  return terminal;
}

it('says when a book is empty', async () => {
  expect((await journal('quarantine')).printed).toEqual(['There is nothing in quarantine.']);
});

it('shows why a rule that matched did nothing, and until when', async () => {
  await new Journal(connections).append([
    {
      kind: 'decision',
      decision: {
        eventId: '123-ABC-456:77',
        ruleId: 'leads/x',
        ruleVersion: 'abc',
        outcome: 'throttled',
        reason: 'already fired for this leadId',
        until: '2026-01-08T00:00:00.000Z',
        effects: [],
      },
    },
  ]);
  const [line] = (await journal('decisions')).printed;
  expect(line).toMatch(
    /^\S+Z {2}throttled {2}leads\/x {2}123-ABC-456:77 {2}\(already fired for this leadId, until 2026-01-08T00:00:00\.000Z\)$/,
  );
  expect(JSON.parse((await journal('decisions', '--json')).printed.join(''))).toMatchObject([
    { kind: 'decision', decision: { outcome: 'throttled' } },
  ]);
});

it('finds decisions by rule, event, outcome and time', async () => {
  const decided = (ruleId: string, eventId: string, outcome: 'fired' | 'throttled'): JournalEntry => ({
    kind: 'decision',
    decision: { eventId, ruleId, ruleVersion: 'abc', outcome, effects: [] },
  });
  // More than one page of others lies on top.
  await new Journal(connections).append([
    decided('sought/a', 'one', 'fired'),
    decided('sought/b', 'two', 'throttled'),
    ...Array.from({ length: 1_200 }, (_, i) => decided('other/x', `other ${i}`, 'fired')),
  ]);
  const found = async (...args: string[]): Promise<string[]> => {
    const { printed } = await journal('decisions', '--json', ...args);
    const entries = JSON.parse(printed.join('')) as { decision: { eventId: string } }[];
    return entries.map(({ decision }) => decision.eventId);
  };
  expect(await found('--rule', 'sought/*')).toEqual(['two', 'one']);
  expect(await found('--rule', 'sought/*', '--limit', '1')).toEqual(['two']);
  expect(await found('--rule', 'sought/b', '--outcome', 'throttled', '--since', '1h')).toEqual(['two']);
  expect(await found('--event', 'one')).toEqual(['one']);
  expect(await found('--rule', 'sought/a', '--outcome', 'throttled')).toEqual([]);
});

it('says where effects went', async () => {
  await expect(journal('effects')).rejects.toMatchObject({
    message: 'Effects have a command of their own: signalman effects.',
  });
});

it('says which books there are when none is named', async () => {
  await expect(journal()).rejects.toMatchObject({
    message: 'Say which book: decisions, quarantine, audit.',
  });
});

it.each([
  [['letters']],
  [['audit', '--rule', 'x']],
  [['decisions', '--outcome', 'sent']],
  [['decisions', '--limit', '0']],
  [['decisions', '--limit', 'many']],
])('refuses %j', async (args) => {
  await expect(journal(...args)).rejects.toMatchObject({ exitCode: 1 });
});

it('shows one line an entry, whatever its ids hold', async () => {
  const decision = {
    eventId: 'crm/x#1\n2026-01-08T00:00:00.000Z  fired  leads/forged',
    ruleId: 'leads/x',
    ruleVersion: 'abc',
    outcome: 'fired',
    effects: [],
  } as const;
  await new Journal(connections).append([{ kind: 'decision', decision }]);
  const [line] = (await journal('decisions')).printed;
  expect(line).toContain('crm/x#1\\n2026-01-08');
  expect(line).not.toContain('\n');
});
