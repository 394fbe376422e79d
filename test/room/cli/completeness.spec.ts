import { Redis } from 'ioredis';
import { completenessCommand } from '../../../src/cli/completeness.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { acceptedTally, talliesOf, type SeenThrough } from '../../../src/journal/completeness-tallies.js';
import { EPOCH_KEY } from '../../../src/redis/keys.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const NOW = new Date().toISOString();
const HOUR = NOW.slice(0, 13);

let redis: RedisForTest;
let raw: Redis;

beforeAll(async () => {
  redis = await startRedis();
  raw = new Redis(redis.url);
});

afterAll(async () => {
  raw.disconnect();
  await redis.stop();
});

beforeEach(async () => {
  await raw.flushall();
  await raw.set(EPOCH_KEY, '2026-01-01T00:00:00.000Z 0b3c');
});

async function completeness(...args: string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = { redisUrl: redis.url, dataDir: '/nowhere' } as AppConfig;
  await completenessCommand(terminal, () => config)
    .exitOverride()
    .configureOutput({ writeErr: terminal.complain })
    .parseAsync(args, { from: 'user' });
  return terminal;
}

async function seenThrough(became: Omit<Partial<SeenThrough>, 'batch'>, source = 'prod'): Promise<void> {
  const batch = { source, route: 'webhook', mode: 'live', receivedAt: NOW, lengths: [1] } as const;
  const nothing = { decided: [], history: [], duplicates: [], unreadable: [], effects: [] };
  const tallies = [...acceptedTally(source, NOW, 1), ...talliesOf({ ...nothing, ...became, batch })];
  for (const tally of tallies) if ('add' in tally) await raw.hincrby(tally.key, tally.field, tally.add);
}

const event = { time: NOW, stream: 'lead-activity' } as CanonicalEvent;

it('says in a table and in a sentence that nothing is missing', async () => {
  await seenThrough({ decided: [event, event], duplicates: [event] });
  const { printed, failed } = await completeness('--since', '1h');
  expect(printed).toEqual([
    expect.stringMatching(/^\S+ to \S+, hours in UTC$/),
    'source  stream         received  webhook  decided  duplicate  missing  effects  done',
    'prod    lead-activity         3        3        2          1        0        0     0',
    '\n3 received = 3 expected, 0 missing.',
    '  Of what was never sent to us nothing is known for prod: no journal was read.',
  ]);
  expect(failed).toBe(false);
});

it('says of a Redis that is new, or was lost, that it knows nothing of before', async () => {
  await raw.flushall();
  const { printed } = await completeness('--since', '1h');
  expect(printed[2]).toContain('  Nothing is known of before ');
});

it('lists the hours to look at, and fails, when something is missing', async () => {
  await seenThrough({ decided: [event] });
  await raw.hincrby(`{signalman}:ledger:${HOUR}`, 'prod|lead-activity|webhook', 2);
  await raw.hincrby(`{signalman}:deliveries:${HOUR}`, 'prod|accepted', 4);
  const { printed, failed } = await completeness();
  const text = printed.join('\n');
  expect(text).toMatch(new RegExp(`^Hours to look at\\nhour .*missing.*\\n${HOUR}  prod  `, 'm'));
  expect(text).toContain(
    `Deliveries of prod received in ${HOUR}: 5 accepted, 1 seen through, 0 waiting, 0 given up, 4 missing.`,
  );
  expect(text).toContain('3 received; 2 events missing; 4 deliveries missing.');
  expect(failed).toBe(true);
});

it('lists every hour, of one source, or everything as JSON', async () => {
  await seenThrough({ decided: [event] });
  await seenThrough({ decided: [event] }, 'crm');
  const text = (await completeness('--hours', '--source', 'crm')).printed.join('\n');
  expect(text).toContain(`Hour by hour\nhour           source`);
  expect(text).not.toContain('prod');
  const { printed } = await completeness('--json');
  expect(JSON.parse(printed.join(''))).toMatchObject({ complete: true, streams: [{ source: 'crm' }, {}] });
});

it.each(['0h', 'yesterday', '41d'])('does not take %s for a duration', async (since) => {
  await expect(completeness('--since', since)).rejects.toThrow();
});
