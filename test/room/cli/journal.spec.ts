import { journalCommand } from '../../../src/cli/journal.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
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
    .configureOutput({ writeErr: () => undefined })
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

it.each([[['letters']], [['decisions', '--limit', '0']], [['decisions', '--limit', 'many']]])(
  'refuses %j',
  async (args) => {
    await expect(journal(...args)).rejects.toMatchObject({ exitCode: 1 });
  },
);
