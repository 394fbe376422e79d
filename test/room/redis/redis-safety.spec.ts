import { openRedis } from '../../../src/redis/open-redis.js';
import { checkRedisSafety } from '../../../src/redis/redis-safety.js';
import { Redis } from 'ioredis';
import { type RedisForTest, startRedis } from '../../support/redis.js';

const LIMIT = ['--maxmemory', '1gb'];

describe('the Redis that REDIS_URL names', () => {
  let redis: RedisForTest | undefined;
  afterEach(() => redis?.stop());

  const warnings = async (url: string): Promise<readonly string[]> => {
    const client = new Redis(url);
    try {
      return await checkRedisSafety(client);
    } finally {
      client.disconnect();
    }
  };

  it('is accepted when it keeps everything', async () => {
    redis = await startRedis({ args: LIMIT });
    const opened = await openRedis({ redisUrl: redis.url, dataDir: '/nowhere', sandbox: false });
    expect(opened.address).toBe(redis.url);
    await opened.stop();
    expect(await warnings(redis.url)).toEqual([]);
  });

  it('is refused when it may throw keys away', async () => {
    redis = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    await expect(openRedis({ redisUrl: redis.url, dataDir: '/nowhere', sandbox: false })).rejects.toThrow(
      'Redis has maxmemory-policy allkeys-lru and may throw events away: set it to noeviction',
    );
  });

  it('brings a warning when a crash of it loses events', async () => {
    redis = await startRedis({ durable: false, args: LIMIT });
    expect(await warnings(redis.url)).toEqual([expect.stringContaining('Set appendonly yes.')]);
  });

  it('brings a warning when it writes to disk only now and then', async () => {
    redis = await startRedis({ args: ['--appendfsync', 'everysec', ...LIMIT] });
    expect(await warnings(redis.url)).toEqual([expect.stringContaining('Redis has appendfsync everysec')]);
  });

  it('brings a warning when nothing bounds its memory', async () => {
    redis = await startRedis({ args: ['--maxmemory', '0'] });
    expect(await warnings(redis.url)).toEqual([expect.stringContaining('Redis has no maxmemory')]);
  });

  it('is checked where CONFIG is forbidden, as managed ones do', async () => {
    redis = await startRedis({ args: ['--rename-command', 'CONFIG', '', ...LIMIT] });
    expect(await warnings(redis.url)).toEqual([expect.stringContaining('CONFIG is forbidden here')]);
  });

  it('is named, without its password, when it cannot be reached', async () => {
    const opening = openRedis(
      { redisUrl: 'redis://user:geheim@127.0.0.1:1', dataDir: '/nowhere', sandbox: false },
      { reachMs: 300 },
    );
    await expect(opening).rejects.toThrow(
      /^Redis at redis:\/\/\*\*\*@127\.0\.0\.1:1 cannot be reached: .*REDIS_URL\.$/,
    );
  });

  it('is refused at once when the password is wrong', async () => {
    redis = await startRedis();
    const client = new Redis(redis.url);
    await client.config('SET', 'requirepass', 'right');
    client.disconnect();
    const url = redis.url.replace('//', '//:wrong@');
    await expect(openRedis({ redisUrl: url, dataDir: '/nowhere', sandbox: false })).rejects.toThrow(
      'WRONGPASS',
    );
  });
});
