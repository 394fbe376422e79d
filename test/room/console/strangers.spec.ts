import { Redis } from 'ioredis';
import { Health } from '../../../src/observability/health.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConsoleApp } from './console-app.js';

let redis: RedisForTest;
let client: Redis;
let api: ConsoleApp;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  api = await ConsoleApp.start(redis.url);
});
afterEach(async () => {
  await api.stop();
});

/** A request that a proxy on this machine passed on. */
const PASSED_ON = { 'x-forwarded-for': '203.0.113.9' };

describe('what strangers learn', () => {
  it('is whether it is ready, and no more', async () => {
    const health = api.app.get(Health);
    health.register('redis', () => ({ ok: true, detail: 'answers within 1 ms' }));
    const viewer = await api.key('viewer');
    const ready = (key?: string) =>
      api.ask('/health/ready', { headers: PASSED_ON, ...(key === undefined ? {} : { key }) });
    expect((await api.ask('/health/ready')).json).toEqual({
      redis: { ok: true, detail: 'answers within 1 ms' },
    });
    expect(await ready()).toMatchObject({ status: 200, json: { ok: true } });
    expect((await ready(`${viewer}x`)).json).toEqual({ ok: true });
    expect((await ready(viewer)).json).toHaveProperty('redis.detail');
    health.register('redis', () => ({ ok: false, detail: 'full' }));
    expect(await ready()).toMatchObject({ status: 503, json: { ok: false } });
    expect((await ready(viewer)).json).toHaveProperty('redis.detail', 'full');
    expect((await api.ask('/health/live', { headers: PASSED_ON })).json).toEqual({ ok: true });
  });

  it('is none of the numbers', async () => {
    const metrics = (headers: Record<string, string>) => api.ask('/metrics', { headers });
    expect((await metrics({})).text).toContain('process_cpu');
    for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto'])
      expect([header, (await metrics({ [header]: 'x' })).status]).toEqual([header, 401]);
    const key = await api.key('viewer');
    expect((await api.ask('/metrics', { headers: PASSED_ON, key })).text).toMatch(
      /signalman_api_refusals_total\{reason="missing"\} 5/,
    );
  });
});
