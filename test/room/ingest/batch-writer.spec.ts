import { Queue, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { BatchWriter } from '../../../src/ingest/door/batch-writer.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { EVENTS_QUEUE } from '../../../src/queues/queue-names.js';
import { QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { eventually } from '../../support/eventually.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';
import { type DoorApp, MemoryStore, NO_BACKLOG, startDoor } from './door-app.js';

const writerTo = (store: MemoryStore): BatchWriter =>
  new BatchWriter(store, NO_BACKLOG, { refusals: new Metrics().refusals });

const small = (text: string): Buffer => Buffer.from(JSON.stringify(text));

function gate(store: MemoryStore): () => void {
  let open: () => void = () => undefined;
  store.gate = new Promise((resolve) => {
    open = resolve;
  });
  return () => {
    store.gate = undefined;
    open();
  };
}

describe('writing what the door took', () => {
  it('writes a lone body at once', async () => {
    const store = new MemoryStore();
    await writerTo(store).write('a', 'events', small('1'));
    expect(store.batches.map(({ bodies }) => bodies.length)).toEqual([1]);
  });

  it('gathers small bodies of a source while a write is under way, in their order', async () => {
    const store = new MemoryStore();
    const writer = writerTo(store);
    const open = gate(store);
    const writes = ['1', '2', '3'].map((text) => writer.write('a', 'events', small(text)));
    const other = writer.write('b', 'events', small('4'));
    open();
    await Promise.all([...writes, other]);
    expect(
      store.batches.map(({ source, bodies }) => [source, bodies.map((body) => body.toString())]),
    ).toEqual([
      ['a', ['"1"']],
      ['b', ['"4"']],
      ['a', ['"2"', '"3"']],
    ]);
  });

  it('writes at most 100 small bodies together, and big ones alone and at once', async () => {
    const store = new MemoryStore();
    const writer = writerTo(store);
    const open = gate(store);
    const writes = Array.from({ length: 250 }, (_, i) => writer.write('a', 'events', small(String(i))));
    writes.push(writer.write('a', 'events', Buffer.alloc(20_000, ' ')));
    open();
    await Promise.all(writes);
    const sizes = store.batches.map(({ bodies }) => bodies.length).sort((a, b) => a - b);
    expect(sizes).toEqual([1, 1, 49, 100, 100]);
  });

  it('answers every body of a write that fails, and takes the next', async () => {
    const store = new MemoryStore();
    const writer = writerTo(store);
    store.fail = true;
    const outcomes = await Promise.allSettled(
      ['1', '2'].map((text) => writer.write('a', 'events', small(text))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    store.fail = false;
    await writer.write('a', 'events', small('3'));
    expect(store.texts).toEqual(['"3"']);
  });

  it('refuses more when 64 MB wait, and takes it again afterwards', async () => {
    const store = new MemoryStore();
    const writer = writerTo(store);
    const open = gate(store);
    const big = Buffer.alloc(3_000_000, ' ');
    const writes = Array.from({ length: 22 }, () => writer.write('a', 'events', big));
    await expect(writer.write('a', 'events', big)).rejects.toMatchObject({ code: 'overloaded' });
    open();
    await Promise.all(writes);
    await writer.write('a', 'events', big);
    expect(store.batches).toHaveLength(23);
  });

  it('gives up after 5 s, so that the sender hears of it in time', async () => {
    jest.useFakeTimers();
    try {
      const store = new MemoryStore();
      const writer = writerTo(store);
      const open = gate(store);
      const outcomes = Promise.allSettled(['1', '2'].map((text) => writer.write('a', 'events', small(text))));
      await jest.advanceTimersByTimeAsync(5_000);
      for (const outcome of await outcomes)
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'not_stored' } });
      open();
      await writer.write('a', 'events', small('3'));
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('the door with a real queue', () => {
  let redis: RedisForTest;
  let door: DoorApp;
  beforeAll(async () => {
    redis = await startRedis();
    door = await startDoor('http://127.0.0.1:1', { redis: redis.url });
    await eventually(async () => (await post('first')) === 202);
  });
  afterAll(async () => {
    await door.app.close();
    await redis.stop();
  });

  const post = async (id: string): Promise<number> =>
    (
      await fetch(`${door.origin}/ingest/events/crm`, {
        method: 'POST',
        body: JSON.stringify({ specversion: '1.0', id, source: '/s', type: 'a.b' }),
        headers: { 'x-api-key': 'crm-key', 'content-type': 'application/cloudevents+json' },
      })
    ).status;

  const storedIds = async (): Promise<string[]> => {
    const { hostname: host, port } = new URL(redis.url);
    const client = new Redis(redis.url);
    const queue = new Queue(EVENTS_QUEUE, { prefix: QUEUE_PREFIX, connection: { host, port: Number(port) } });
    try {
      const jobs = (await queue.getWaiting()) as Job<StoredBatch, void>[];
      const bodies = jobs.map(({ id, data }) => new BatchBodies(client).get(id ?? '', data.lengths));
      return (await Promise.all(bodies))
        .flatMap((found) => found ?? [])
        .map((body) => (JSON.parse(body.toString()) as { id: string }).id);
    } finally {
      await queue.close();
      client.disconnect();
    }
  };

  it('has on disk what it answered 202 to, whatever becomes of Redis', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => `e${i}`);
    const taken = await Promise.all(ids.map(post));
    ids.push('first');
    expect(new Set(taken)).toEqual(new Set([202]));
    await redis.kill9();
    expect(await post('while-away')).toBe(503);
    await redis.restart();
    expect((await storedIds()).sort()).toEqual([...ids].sort());
  });
});
