import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConsoleApp } from './console-app.js';

let redis: RedisForTest;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
});

const GUESS = `sgm_0123456789_${'A'.repeat(43)}`;
const guessFrom = async (api: ConsoleApp, address: string): Promise<number> =>
  (await api.ask('/api/v1/sources', { key: GUESS, headers: { 'x-forwarded-for': address } })).status;

async function withApp(proxies: readonly string[], use: (api: ConsoleApp) => Promise<void>): Promise<void> {
  const api = await ConsoleApp.start(redis.url, proxies);
  try {
    await use(api);
  } finally {
    await api.stop();
  }
}

it('believes nobody who says for whom he speaks', async () => {
  await withApp([], async (api) => {
    for (let i = 0; i < 20; i += 1) expect(await guessFrom(api, `203.0.113.${i}`)).toBe(401);
    expect(await guessFrom(api, '203.0.113.99')).toBe(429);
    const { headers } = await api.ask('/health/live', { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

it('believes a proxy that it trusts, and no more than what that proxy itself saw', async () => {
  await withApp(['127.0.0.1'], async (api) => {
    for (let i = 0; i < 20; i += 1) expect(await guessFrom(api, `198.51.100.${i}, 203.0.113.1`)).toBe(401);
    expect(await guessFrom(api, '198.51.100.77, 203.0.113.1')).toBe(429);
    expect(await guessFrom(api, '203.0.113.2')).toBe(401);
    const { headers } = await api.ask('/health/live', { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});

it('writes down the address of the client, not of the proxy', async () => {
  await withApp(['127.0.0.0/8'], async (api) => {
    const key = await api.key('admin');
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    await api.ask('/api/v1/keys', { method: 'POST', key, headers, body: { name: 'x', role: 'viewer' } });
    const { json } = await api.ask('/api/v1/audit?limit=1', { key });
    expect(json['changes']).toMatchObject([{ from: '203.0.113.7' }]);
  });
});
