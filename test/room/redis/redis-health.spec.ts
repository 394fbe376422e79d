import { Health } from '../../../src/observability/health.js';
import { Metrics } from '../../../src/observability/metrics.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { RedisEpoch } from '../../../src/redis/redis-epoch.js';
import { RedisHealth } from '../../../src/redis/redis-health.js';
import { eventually } from '../../support/eventually.js';
import { startRedis } from '../../support/redis.js';

it('says in plain words that Redis answers, hangs or is away', async () => {
  const redis = await startRedis();
  const connections = new RedisConnections(redis.url);
  const health = new Health();
  new RedisHealth(health, connections, new RedisEpoch(connections), new Metrics());
  const says = async (ok: boolean, detail: RegExp): Promise<void> => {
    await eventually(async () => {
      const { redis: found } = await health.report();
      expect(found).toEqual({ ok, detail: expect.stringMatching(detail) as string });
      return true;
    });
  };
  try {
    await says(true, /^answers within \d+ ms$/);
    redis.pause();
    await says(false, /^no answer within 800 ms$/);
    redis.resume();
    await says(true, /^answers/);
    await redis.kill9();
    await says(false, /^Redis cannot be reached$/);
    await redis.restart();
    await says(true, /^answers/);
  } finally {
    await connections.close();
    await redis.stop();
  }
});
