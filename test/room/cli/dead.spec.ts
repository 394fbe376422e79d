import { type Job, Queue, Worker } from 'bullmq';
import { deadCommand } from '../../../src/cli/dead.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { Journal } from '../../../src/journal/journal.js';
import { ACTIONS_QUEUE } from '../../../src/queues/queue-names.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { eventually } from '../../support/eventually.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

let redis: RedisForTest;
let queue: Queue;

beforeAll(async () => {
  redis = await startRedis();
  queue = new Queue(ACTIONS_QUEUE, { connection: { url: redis.url }, prefix: QUEUE_PREFIX });
});

afterAll(async () => {
  await queue.close();
  await redis.stop();
});

afterEach(async () => {
  await queue.obliterate({ force: true });
});

async function dead(...args: string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = { redisUrl: redis.url, dataDir: '/nowhere' } as AppConfig;
  await deadCommand(terminal, () => config)
    .exitOverride()
    .parseAsync(args, { from: 'user' });
  return terminal;
}

async function deadLetters(...ids: string[]): Promise<void> {
  const refuse = () => Promise.reject(new Error('channel_not_found'));
  const worker = new Worker(ACTIONS_QUEUE, refuse, { connection: { url: redis.url }, prefix: QUEUE_PREFIX });
  for (const id of ids) await queue.add('slack', {}, { jobId: id, attempts: 1 });
  await eventually(async () => (await queue.getFailedCount()) === ids.length);
  await worker.close();
}

it('says that there are none', async () => {
  expect((await dead('list')).printed).toEqual(['There are no dead letters.']);
});

it('lists what was given up and why', async () => {
  await deadLetters('e1');
  const { printed } = await dead('list');
  expect(printed.join('\n')).toMatch(/^e1 {2}slack {2}\S+ {2}after 1 attempt\n {2}channel_not_found$/);
  expect(JSON.parse((await dead('list', '--json')).printed.join(''))).toMatchObject([
    { id: 'e1', queue: 'actions' },
  ]);
});

it('puts one back', async () => {
  await deadLetters('e1', 'e2');
  const terminal = await dead('replay', 'e2');
  expect(terminal.printed).toEqual(['1 dead letter put back.']);
  expect(terminal.failed).toBe(false);
  expect(await queue.getWaiting()).toMatchObject([{ id: 'e2' }]);
  expect(await queue.getFailed()).toMatchObject([{ id: 'e1' }]);
});

it('writes down what was put back', async () => {
  await deadLetters('e1');
  await dead('replay', 'e1', 'e9');
  const connections = new RedisConnections(redis.url);
  const entries = await new Journal(connections).latest('audit', 1);
  await connections.close();
  const who = expect.stringMatching(/^cli:./) as string;
  expect(entries).toMatchObject([{ audit: { what: 'dead.replayed', target: 'e1', who } }]);
});

it('puts all back', async () => {
  await deadLetters('e1', 'e2', 'e3');
  expect((await dead('replay', '--all')).printed).toEqual(['3 dead letters put back.']);
  expect(await queue.getWaitingCount()).toBe(3);
});

it('puts back more than it lists, also while they die again', async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `e${index}`);
  await deadLetters(...ids);
  const tried = new Set<string | undefined>();
  const refuse = (job: Job) => {
    tried.add(job.id);
    return Promise.reject(new Error('channel_not_found'));
  };
  const worker = new Worker(ACTIONS_QUEUE, refuse, { connection: { url: redis.url }, prefix: QUEUE_PREFIX });
  await worker.waitUntilReady();
  expect((await dead('replay', '--all')).printed).toEqual(['250 dead letters put back.']);
  await eventually(() => tried.size === ids.length);
  await worker.close();
});

it('names the destination and the rule of an effect, and the source of a batch', async () => {
  await deadLetters('e1', 'e2');
  await (await queue.getJob('e1'))?.updateData({ to: 'ops', ruleId: 'leads/x' });
  await (await queue.getJob('e2'))?.updateData({ source: 'crm' });
  const { printed } = await dead('list');
  expect(printed.join('\n')).toMatch(/^e1 {2}slack → ops {2}leads\/x {2}/m);
  expect(printed.join('\n')).toMatch(/^e2 {2}slack from crm {2}/m);
});

it('says that there are more than it lists', async () => {
  await deadLetters('e1', 'e2', 'e3');
  const { printed, complaints } = await dead('list', '--limit', '1');
  expect(printed).toHaveLength(2);
  expect(complaints).toEqual(['There are 2 more: --limit shows more of them.']);
});

it('says which one there is not', async () => {
  const terminal = await dead('replay', 'e9');
  expect(terminal.complaints).toEqual(['There is no dead letter e9.']);
  expect(terminal.failed).toBe(true);
});
