import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Ask } from '../../../src/cli/terminal/ask.js';
import { importCommand } from '../../../src/cli/import.command.js';
import { loadConfig } from '../../../src/config/load-config.js';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import type { AdobeSource } from '../../../src/contracts/connections.js';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { Failure } from '../../../src/contracts/failure.js';
import { readBatch } from '../../../src/ingest/read-batch.js';
import { hourOf } from '../../../src/contracts/completeness.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EVENTS_QUEUE } from '../../../src/queues/queue-names.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import {
  ACTIVITY,
  ADOBE,
  batchOf,
  CLIENT_ID,
  CLOUD_EVENT,
  GUID,
  PUSHED,
} from '../../support/delivery-samples.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const SOURCES = {
  io: { kind: 'adobe', clientId: CLIENT_ID, munchkinIds: ['123-ABC-456'] },
  push: { kind: 'marketo', insecure: true },
  crm: { kind: 'events', insecure: true },
};
const HEADER = 'leadId,marketoGUID,activityDate,activityTypeId,attributes\n';
const EXPORT = ['samples/activities-export.csv', '--munchkin-id', '123-ABC-456'] as const;

let redis: RedisForTest;
let client: Redis;
let queue: Queue<StoredBatch>;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  queue = new Queue(EVENTS_QUEUE, { connection: { url: redis.url }, prefix: QUEUE_PREFIX });
  folder = mkdtempSync(join(tmpdir(), 'signalman-import-'));
  writeFileSync(join(folder, 'connections.json'), JSON.stringify({ sources: SOURCES, destinations: {} }));
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

const nobody: Ask = () => Promise.resolve(undefined);

async function imported(args: readonly string[], ask: Ask = nobody): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = loadConfig({
    REDIS_URL: redis.url,
    SIGNALMAN_DATA: folder,
    SIGNALMAN_CONNECTIONS: join(folder, 'connections.json'),
  });
  await importCommand(terminal, () => config, ask)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(args, { from: 'user' });
  return terminal;
}

async function refusal(args: readonly string[], ask?: Ask): Promise<string> {
  const error: unknown = await imported(args, ask).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw new Error(`no Failure but ${String(error)}`);
  expect(await queue.getJobCountByTypes('waiting')).toBe(0);
  return error.message;
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function stored(): Promise<{ batches: StoredBatch[]; events: CanonicalEvent[] }> {
  const bodies = new BatchBodies(client);
  const events: CanonicalEvent[] = [];
  const jobs = await queue.getJobs(['waiting'], 0, -1, true);
  for (const { id = '', data } of jobs) {
    const source = { ...SOURCES[data.source as keyof typeof SOURCES], keyOrigin: '', validationOrigin: '' };
    const reading = readBatch(
      { ...data, bodies: (await bodies.get(id, data.lengths)) ?? [] },
      source as unknown as AdobeSource,
    );
    expect(reading.unreadable).toEqual([]);
    events.push(...reading.events);
  }
  return { batches: jobs.map(({ data }) => data), events };
}

it.each(['io', 'push'])('brings an export to %s as the streams would have brought it', async (source) => {
  const { printed, failed } = await imported([...EXPORT, '--source', source]);
  expect(failed).toBe(false);
  const { batches, events } = await stored();
  expect(batches).toMatchObject([
    { source, route: 'import', mode: 'history', run: expect.any(String) as string },
  ]);
  expect(events).toMatchObject([
    { id: '123-ABC-456:783901001', type: 'marketo.activity.changestatusinprogression', leadId: '5414087' },
    { id: '123-ABC-456:783901002', type: 'marketo.activity.clicklink', time: '2026-05-04T14:08:50Z' },
    { id: '123-ABC-456:783901003', type: 'marketo.activity.unsubscribeemail', munchkinId: '123-ABC-456' },
  ]);
  expect(events.flatMap(({ oddities }) => oddities)).toEqual([]);
  expect(events[1]?.attributes).toMatchObject({ 'Link ID': 44, 'Client IP Address': '203.0.113.9' });
  expect(events[2]?.attributes['Form Fields']).toBe('email=pat@acme.example\nreason="too many"');
  expect(events[1]?.data).toMatchObject({ activityType: 'Click Link', primaryAttributeValueId: 44 });
  expect(events[1]?.data).not.toHaveProperty('campaignId');
  expect(printed).toEqual([
    '3 rows read, 3 events stored in 1 batch, 0 put into quarantine.',
    '0 known already, 0 new; no worker runs now, so 1 batch will follow later.',
  ]);
});

it('knows one activity by the same id from every file and every stream', async () => {
  const { activities, ...message } = PUSHED;
  const [activity] = activities;
  const csv = `${HEADER}5001,${GUID},2026-05-04T09:59:58Z,3,null\n`;
  const lines = [
    PUSHED,
    { ...activity, munchkinId: '123-ABC-456' },
    activity,
    { id: 7, ...activity, attributes: { 'Link ID': 44 } },
    ACTIVITY,
    { position: 'p-1', event: ACTIVITY },
    { ...message, munchkinId: undefined, activities },
  ];
  const ndjson = lines.map((line) => JSON.stringify(line)).join('\n');
  const instance = ['--munchkin-id', '123-ABC-456', '--source', 'io'];
  await imported([file('one.csv', csv), file('all.ndjson', ndjson), ...instance]);
  const streamed = readBatch(batchOf('adobe', ACTIVITY), ADOBE).events[0]?.id;
  const { events } = await stored();
  expect(events.map(({ id }) => id)).toEqual(Array(lines.length + 1).fill(streamed));
  expect(new Set(events.map(({ leadId }) => leadId))).toEqual(new Set(['5001']));
});

it('takes types that no catalogue knows, and those that customers made', async () => {
  const csv = `${HEADER}1,g-1,2026-05-04T09:59:58Z,4711,null\n1,g-2,2026-05-04T09:59:58Z,100042,null\n`;
  for (const source of ['io', 'push']) {
    await client.flushall();
    await imported([file('types.csv', csv), '--munchkin-id', '123-ABC-456', '--source', source]);
    const { events } = await stored();
    expect(events.map(({ type, oddities }) => [type, oddities])).toEqual([
      ['marketo.activity.activity4711', ['unknown-type']],
      ['marketo.activity.custom', []],
    ]);
  }
});

it('reads CloudEvents for a source of their kind', async () => {
  await imported([file('ce.ndjson', JSON.stringify(CLOUD_EVENT)), '--source', 'crm']);
  expect((await stored()).events).toMatchObject([{ id: 'crm//crm/accounts#e-1', stream: 'external' }]);
});

it('makes batches of 250, from packed files and several of them', async () => {
  const row = (n: number) => `1,g-${n},2026-05-04T09:59:58Z,3,null\n`;
  const rows = (from: number, to: number) =>
    HEADER + Array.from({ length: to - from }, (_, index) => row(from + index)).join('');
  const files = [
    file('a.csv.gz', gzipSync(rows(0, 400))),
    file('b.csv', `\uFEFF${rows(400, 700).replaceAll('\n', '\r\n')}`),
  ];
  await imported([...files, '--munchkin-id', '123-ABC-456', '--source', 'io', '--as', 'live', '--yes']);
  const { batches, events } = await stored();
  expect(batches).toHaveLength(3);
  expect(new Set(batches.map(({ mode }) => mode))).toEqual(new Set(['live']));
  expect(new Set(events.map(({ id }) => id)).size).toBe(700);
});

it('puts what it cannot read into quarantine with its place, counts it and goes on', async () => {
  const foreign = { ...ACTIVITY, recipientclientid: 'somebody-else' };
  const lines = [
    JSON.stringify(ACTIVITY),
    '{"half',
    JSON.stringify(foreign),
    JSON.stringify(CLOUD_EVENT),
    JSON.stringify({ ...ACTIVITY, id: 'other' }),
  ];
  const path = file('mixed.ndjson', `${lines.join('\n')}\n`);
  const { printed, complaints } = await imported([path, '--source', 'io']);
  expect((await stored()).events).toHaveLength(2);
  expect(printed[0]).toBe('5 rows read, 2 events stored in 1 batch, 3 put into quarantine.');
  const reasons = [
    [`${path}:2`, expect.stringContaining('It is not JSON')],
    [`${path}:4`, expect.stringContaining('It is a CloudEvent, and the source io is of kind adobe')],
    [`${path}:3`, expect.stringContaining('another recipient')],
  ];
  const entries = await client.xrange('signalman:quarantine', '-', '+');
  const kept = entries.map(
    ([, fields]) =>
      JSON.parse(fields[1] ?? '') as { unreadable: { at: string; reason: string; raw: string } },
  );
  expect(kept.map(({ unreadable: { at, reason } }) => [at, reason])).toEqual(reasons);
  expect(kept[0]?.unreadable.raw).toBe('{"half');
  expect(complaints).toContain('What could not be read, and why: signalman journal quarantine');
  const ledger = await client.hgetall(`{signalman}:ledger:${hourOf(new Date().toISOString())}`);
  expect(ledger).toMatchObject({ 'io|unread|import': '3', 'io|unread|quarantined': '3' });
});

it('takes a line that is nested without end for one bad line', async () => {
  const deep = `{"type":"com.adobe.x","data":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  const path = file('deep.ndjson', [JSON.stringify(ACTIVITY), deep].join('\n'));
  const { complaints } = await imported([path, '--source', 'io']);
  expect(complaints[0]).toBe(`${path}:2: It is nested deeper than 100 levels.`);
  const attributes = `"{""a"":${'['.repeat(200_000)}${']'.repeat(200_000)}}"`;
  const csv = file('deep.csv', `${HEADER}1,g,2026-05-04T09:59:58Z,3,${attributes}\n`);
  const { printed } = await imported([csv, '--source', 'io', '--munchkin-id', '123-ABC-456']);
  expect(printed[0]).toBe('1 row read, 0 events stored in 0 batches, 1 put into quarantine.');
  expect((await stored()).events).toHaveLength(1);
});

it('knows an instance in small letters, and names it as the streams do', async () => {
  await imported(['samples/activities-export.csv', '--munchkin-id', '123-abc-456', '--source', 'io']);
  const { events } = await stored();
  expect(events.map(({ munchkinId }) => munchkinId)).toEqual(Array(3).fill('123-ABC-456'));
});

it('leaves one line in the book of what people changed', async () => {
  await imported([...EXPORT, '--source', 'io']);
  const entries = await client.xrange('signalman:audit', '-', '+');
  expect(entries).toHaveLength(1);
  expect(entries[0]?.[1][1]).toContain('"what":"import","target":"io"');
});

it('tells of columns of which nothing is kept', async () => {
  const path = file('more.csv', 'marketoGUID,leadId,activityDate,activityTypeId,actionResult\n');
  const { complaints } = await imported([path, '--munchkin-id', '123-ABC-456', '--source', 'io']);
  expect(complaints).toEqual([`${path}: nothing is kept of actionResult, which the streams do not have.`]);
});

describe('live', () => {
  const live = [...EXPORT, '--source', 'io', '--as', 'live'];

  it('asks first, with the number of rows, and stores nothing without a yes', async () => {
    const asked: string[] = [];
    const answer = (yes: boolean) => (question: string) => {
      asked.push(question);
      return Promise.resolve(yes);
    };
    const no = await imported(live, answer(false));
    expect([no.failed, no.complaints]).toEqual([true, ['Nothing was imported.']]);
    expect((await stored()).batches).toEqual([]);
    await imported(live, answer(true));
    expect((await stored()).events).toHaveLength(3);
    expect(asked).toEqual(Array(2).fill('Rules will act on 3 rows as if they came now. Import them? [y/N] '));
  });

  it('wants --yes where nobody can be asked', async () => {
    expect(await refusal(live)).toContain('Say --yes: Rules will act on 3 rows');
    expect(await refusal(['-', '--source', 'crm', '--as', 'live'])).toContain(
      'standard input can be read only once',
    );
  });
});

describe('refuses at once, before anything is stored,', () => {
  it.each<[string, string | Buffer, string]>([
    ['empty.csv', '', 'is empty.'],
    ['leads.csv', 'id,email\n1,pat@acme.example\n', 'its first line does not name the column marketoGUID.'],
    ['some.csv', 'marketoGUID,leadId\n1,2\n', 'has no column activityDate, activityTypeId'],
    ['page.json', '[{"id":1}]', 'is a JSON array: give one event a line'],
    ['export.zip', Buffer.from('PK\u0003\u0004'), 'is a zip archive: unpack it first'],
    ['wide.csv', Buffer.from(HEADER, 'utf16le'), 'its first line does not name'],
    ['latin.csv', Buffer.from(`${HEADER}\u00e9`, 'latin1'), 'is not UTF-8 text'],
    ['cut.csv.gz', gzipSync(HEADER.repeat(50)).subarray(0, 40), 'the packed file ends in the middle'],
    ['no.ndjson', '{"hello":"world"}\n', ':1: It is no event in a shape that Signalman knows.'],
    [
      'crm.ndjson',
      JSON.stringify(CLOUD_EVENT),
      'and the source io is of kind adobe: name one of kind events.',
    ],
  ])('%s', async (name, content, sentence) => {
    const good = 'samples/activities-export.csv';
    const args = [good, file(name, content), '--munchkin-id', '123-ABC-456', '--source', 'io'];
    const message = await refusal(args);
    expect(message).toContain(name);
    expect(message).toContain(sentence);
  });

  it('a file that is not there, a folder, a source that is not there or of the wrong kind', async () => {
    expect(await refusal([join(folder, 'none.csv'), '--source', 'io'])).toContain('there is no such file.');
    expect(await refusal([folder, '--source', 'io'])).toContain('is a folder');
    expect(await refusal([...EXPORT, '--source', 'x'])).toContain(
      'There is no source x in the connections file. It has io, push, crm.',
    );
    expect(await refusal([...EXPORT, '--source', 'crm'])).toContain('name one of kind adobe or marketo.');
  });

  it('activities of an instance that nobody named, or that the source does not speak for', async () => {
    const [path] = EXPORT;
    expect(await refusal([path, '--source', 'io'])).toContain('give --munchkin-id, such as 123-ABC-456.');
    expect(await refusal(['samples/activities-rest.ndjson', '--source', 'io'])).toContain(
      'give --munchkin-id',
    );
    expect(await refusal([path, '--source', 'io', '--munchkin-id', '999-XYZ-999'])).toBe(
      'The source io does not speak for 999-XYZ-999, only for 123-ABC-456.',
    );
  });
});
