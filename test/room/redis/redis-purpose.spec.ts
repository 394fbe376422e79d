import { claimFor } from '../../../src/redis/redis-purpose.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

describe('claimFor', () => {
  let redis: RedisForTest;

  beforeEach(async () => {
    redis = await startRedis({ durable: false });
  });
  afterEach(async () => {
    await redis.stop();
  });

  it.each(['sandbox', 'live'] as const)('keeps a Redis for %s once it was used so', async (purpose) => {
    await claimFor(redis.url, purpose);
    await expect(claimFor(redis.url, purpose)).resolves.toBeUndefined();
    await expect(claimFor(redis.url, purpose === 'live' ? 'sandbox' : 'live')).rejects.toMatchObject({
      code: 'redis.purpose',
      message: expect.stringContaining('give each a Redis of its own') as string,
    });
  });
});
