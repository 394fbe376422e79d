import { type Job, Queue, Worker } from 'bullmq';
import { journalCommand } from '../../../src/cli/journal.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { Journal } from '../../../src/journal/journal.js';
import { ACTIONS_QUEUE } from '../../../src/queues/queue-names.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';
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

const EFFECT: Effect = {
  v: 1,
  id: 'e00000000000000000000000000000001',
  type: 'slack',
  to: 'ops',
  params: {},
  guarantee: 'at-least-once',
  ruleId: 'leads/x',
  ruleVersion: 'abc',
  eventId: '7',
  actionIndex: 0,
  origin: { hour: '2026-05-04T10', source: 'a-source', stream: 'lead-activity' },
  decidedAt: '2026-01-01T00:00:00.000Z',
};

it('shows before what was sent what waits for its next try, after how many attempts and why', async () => {
  const queueOptions = { connection: { url: redis.url }, prefix: QUEUE_PREFIX };
  const queue = new Queue(ACTIONS_QUEUE, queueOptions);
  const ledger = new EffectLedger(connections);
  await new Journal(connections).append([
    { kind: 'effect', record: { effect: EFFECT, outcome: 'done', receipt: { summary: '200 OK' } } },
  ]);
  const fail = async (job: Job<Effect>): Promise<never> => {
    await ledger.claim(job.data.id, 'token', 1_000);
    await ledger.settle(job.data, 'token', 'waiting', 'http.503: Slack answered 503');
    throw new Error('no');
  };
  const worker = new Worker(ACTIONS_QUEUE, fail, queueOptions);
  const before = Date.now();
  const options = { attempts: 3, backoff: { type: 'fixed', delay: 3_600_000 } };
  await queue.add('slack', EFFECT, { jobId: EFFECT.id, ...options });
  await eventually(async () => (await queue.getDelayedCount()) === 1);
  const other = { ...EFFECT, id: 'e00000000000000000000000000000002' };
  await queue.add('slack', other, { jobId: other.id, delay: 7_200_000 });

  const { printed } = await journal('effects');
  expect(printed).toEqual([
    expect.stringMatching(
      /^\S+Z {2}next try {2}slack → ops {2}leads\/x {2}after attempt 1: http\.503: Slack answered 503$/,
    ),
    expect.stringMatching(/^\S+Z {2}next try {2}slack → ops {2}leads\/x {2}not attempted yet$/),
    expect.stringMatching(/^\S+Z {2}done {2}slack → ops {2}leads\/x {2}200 OK$/),
  ]);
  expect(Date.parse(printed[0]?.split(' ')[0] ?? '')).toBeGreaterThanOrEqual(before + 3_600_000);
  const few = await journal('effects', '--limit', '1', '--json');
  expect(JSON.parse(few.printed.join(''))).toMatchObject([
    { kind: 'retrying', attempts: 1 },
    { kind: 'effect' },
  ]);
  expect(few.complaints).toEqual(['1 more wait for their next try: --limit shows more of them.']);
  await worker.close();
  await queue.close();
});

it('says which books there are when none is named', async () => {
  await expect(journal()).rejects.toMatchObject({
    message: 'Say which book: decisions, effects, quarantine, audit.',
  });
});

it.each([[['letters']], [['decisions', '--limit', '0']], [['decisions', '--limit', 'many']]])(
  'refuses %j',
  async (args) => {
    await expect(journal(...args)).rejects.toMatchObject({ exitCode: 1 });
  },
);

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
