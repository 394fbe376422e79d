import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Metrics } from '../../../src/observability/metrics.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { EVENTS_QUEUE } from '../../../src/queues/queue-names.js';
import { BACKLOG_KEY, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { eventually } from '../../support/eventually.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';
import { type DoorApp, startDoor } from './door-app.js';

describe('a door behind which too much waits', () => {
  let server: RedisForTest;
  let redis: Redis;
  let door: DoorApp;
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    door = await startDoor('http://127.0.0.1:1', { redis: server.url, limits: { backlogBatches: 3 } });
    await eventually(async () => (await post('first')).status === 202);
  });
  afterEach(async () => {
    await door.app.close();
    redis.disconnect();
    await server.stop();
  });

  const post = (id: string): Promise<Response> =>
    fetch(`${door.origin}/ingest/events/crm`, {
      method: 'POST',
      body: JSON.stringify({ specversion: '1.0', id, source: '/s', type: 'a.b' }),
      headers: { 'x-api-key': 'crm-key', 'content-type': 'application/cloudevents+json' },
    });

  const waiting = (): Promise<string[]> => redis.lrange(`${QUEUE_PREFIX}:${EVENTS_QUEUE}:wait`, 0, -1);

  async function refused(): Promise<Response> {
    return eventually(async () => {
      const answer = await post('more');
      return answer.status === 202 ? undefined : answer;
    });
  }

  it('answers 503 and says when to come again, and takes more when less waits', async () => {
    const answer = await refused();
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: 'overloaded' });
    const retryAfter = Number(answer.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(5);
    expect(retryAfter).toBeLessThanOrEqual(30);
    expect((await waiting()).length).toBe(3);
    const { registry } = door.app.get(Metrics, { strict: false });
    expect(await registry.metrics()).toMatch(/^signalman_ingest_refused_total\{source="crm"\} [1-9]/m);

    await new BatchBodies(redis).finish((await waiting())[0] ?? '', []);
    await eventually(async () => (await post('again')).status === 202);
  });

  it('counts a batch once that Redis was too slow to be promised', async () => {
    server.pause();
    const start = performance.now();
    expect((await post('slow')).status).toBe(503);
    // Adobe waits for ten seconds.
    expect(performance.now() - start).toBeLessThan(9_000);
    server.resume();
    // The sender comes again, as it was told; Redis may have taken the first one all the same.
    await eventually(async () => (await post('slow')).status === 202);
    const ids = await waiting();
    const bytes = await Promise.all(ids.map((id) => redis.strlen(`${QUEUE_PREFIX}:body:${id}`)));
    expect(await redis.hgetall(BACKLOG_KEY)).toEqual({
      batches: String(ids.length),
      bytes: String(bytes.reduce((sum, some) => sum + some, 0)),
    });
  });
});
