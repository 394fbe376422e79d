import { Redis } from 'ioredis';
import { type RedisForTest, startRedis } from '../../support/redis.js';

describe('startRedis', () => {
  let redis: RedisForTest;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it('keeps what was written through kill -9 and a restart', async () => {
    const before = new Redis(redis.url);
    await before.set('a', '1');
    before.disconnect();
    await redis.kill9();
    await redis.restart();
    const after = new Redis(redis.url);
    expect(await after.get('a')).toBe('1');
    await after.quit();
  });

  it('hangs while it is paused', async () => {
    const client = new Redis(redis.url, { commandTimeout: 100 });
    await client.ping();
    redis.pause();
    await expect(client.ping()).rejects.toThrow('timed out');
    redis.resume();
    client.disconnect();
  });
});
