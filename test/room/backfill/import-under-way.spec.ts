import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { importCommand } from '../../../src/cli/import.command.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { systemClock } from '../../../src/contracts/clock.js';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import { readBatch } from '../../../src/ingest/read-batch.js';
import { talliesOf } from '../../../src/journal/completeness-tallies.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EVENTS_QUEUE } from '../../../src/queues/queue-names.js';
import { BACKLOG_KEY, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SeenEvents } from '../../../src/state/seen-events.js';
import { ADOBE } from '../../support/delivery-samples.js';
import { eventually } from '../../support/eventually.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const HEADER = 'leadId,marketoGUID,activityDate,activityTypeId,attributes\n';
const ROWS = 20_000;

let redis: RedisForTest;
let client: Redis;
let queue: Queue<StoredBatch>;
let folder: string;
let file: string;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  client.on('error', () => undefined);
  queue = new Queue(EVENTS_QUEUE, { connection: { url: redis.url }, prefix: QUEUE_PREFIX });
  queue.on('error', () => undefined);
  folder = mkdtempSync(join(tmpdir(), 'signalman-import-'));
  const sources = { io: { kind: 'adobe', clientId: ADOBE.clientId } };
  writeFileSync(join(folder, 'connections.json'), JSON.stringify({ sources, destinations: {} }));
  file = join(folder, 'rows.csv');
  const rows = Array.from({ length: ROWS }, (_, n) => `1,g-${n},2026-05-04T09:59:58Z,3,null\n`);
  writeFileSync(file, HEADER + rows.join(''));
});

beforeEach(async () => {
  await client.flushall();
});

afterAll(async () => {
  await queue.close();
  client.disconnect();
  await redis.stop();
  rmSync(folder, { recursive: true });
});

async function imported(path = file, terminal = recordedTerminal()): Promise<RecordedTerminal> {
  const config = loadConfig({
    REDIS_URL: redis.url,
    SIGNALMAN_DATA: folder,
    SIGNALMAN_CONNECTIONS: join(folder, 'connections.json'),
  });
  await importCommand(terminal, () => config).parseAsync(
    [path, '--source', 'io', '--munchkin-id', '123-ABC-456'],
    { from: 'user' },
  );
  return terminal;
}

/** Ids of all events that were stored, each as often as it was. */
async function storedIds(): Promise<string[]> {
  const bodies = new BatchBodies(client);
  const jobs = await queue.getJobs(['waiting'], 0, -1);
  const batches = await Promise.all(
    jobs.map(async ({ id = '', data }) => ({ ...data, bodies: (await bodies.get(id, data.lengths)) ?? [] })),
  );
  return batches.flatMap((batch) => readBatch(batch, ADOBE).events.map(({ id }) => id));
}

/** Does what every worker does with a batch of history, and nothing else. */
function startWorker(connections: RedisConnections): Worker<StoredBatch> {
  const bodies = new BatchBodies(connections.forWorkers());
  const seen = new SeenEvents(connections, systemClock);
  return new Worker<StoredBatch>(
    EVENTS_QUEUE,
    async ({ id = '', data }: Job<StoredBatch>) => {
      const { events, unreadable } = readBatch(
        { ...data, bodies: (await bodies.get(id, data.lengths)) ?? [] },
        ADOBE,
      );
      const isNew = await seen.claim(id, events);
      const history = events.filter((_, index) => isNew[index] === true);
      const duplicates = events.filter((_, index) => isNew[index] !== true);
      const outcome = { batch: data, decided: [], history, duplicates, unreadable, effects: [] };
      await bodies.finish(id, talliesOf(outcome));
    },
    { connection: { url: redis.url }, prefix: QUEUE_PREFIX },
  );
}

it('waits for the worker and says what was new and what was known', async () => {
  const connections = new RedisConnections(redis.url);
  const worker = startWorker(connections);
  try {
    await worker.waitUntilReady();
    const path = 'samples/activities-export.csv';
    const told = '3 rows read, 3 events stored in 1 batch, 0 put into quarantine.';
    expect((await imported(path)).printed).toEqual([told, '0 known already, 3 new.']);
    expect((await imported(path)).printed).toEqual([told, '3 known already, 0 new.']);
  } finally {
    await worker.close();
    await connections.close();
  }
});

it('outlives a crash of Redis, and loses nothing', async () => {
  const terminal = recordedTerminal();
  const importing = imported(file, terminal);
  await eventually(async () => (await queue.getWaitingCount()) > 2);
  await redis.kill9();
  await eventually(() => terminal.complaints.join().includes('Waiting, since Redis takes nothing'));
  await redis.restart();
  expect((await importing).failed).toBe(false);
  expect(new Set(await storedIds()).size).toBe(ROWS);
});

it('ends at Ctrl-C between two batches, and the same command does the rest', async () => {
  const importing = imported();
  await eventually(async () => (await queue.getWaitingCount()) > 2);
  process.emit('SIGINT');
  const { complaints, failed } = await importing;
  expect(failed).toBe(true);
  expect(complaints).toContain(
    'Run the same command again: what was taken in is recognised, and the rest follows.',
  );
  const before = await storedIds();
  expect(before.length % 250).toBe(0);
  expect(before.length).toBeLessThan(ROWS);
  await imported();
  expect(new Set(await storedIds()).size).toBe(ROWS);
});

it('waits while there is no room for more', async () => {
  await client.hset(BACKLOG_KEY, 'bytes', 1e12);
  const looks = async () =>
    Number(/cmdstat_hmget:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0);
  const before = await looks();
  let ended = false;
  const importing = imported().finally(() => {
    ended = true;
  });
  await eventually(async () => (await looks()) >= before + 2);
  expect(await queue.getWaitingCount()).toBe(0);
  expect(ended).toBe(false);
  await client.hset(BACKLOG_KEY, 'bytes', 0);
  expect((await importing).failed).toBe(false);
  expect(new Set(await storedIds()).size).toBe(ROWS);
});
