import { Test } from '@nestjs/testing';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { eventually } from '../../support/eventually.js';
import { type RedisForTest, startRedis } from '../../support/redis.js';

describe('RedisConnections', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  beforeEach(async () => {
    redis = await startRedis();
    connections = new RedisConnections(redis.url);
  });
  afterEach(async () => {
    await connections.close();
    await redis.stop();
  });

  it('fails a request at once while Redis is away, and serves it again afterwards', async () => {
    const requests = connections.forRequests();
    await eventually(() => requests.status === 'ready');
    await redis.kill9();
    await eventually(() => requests.status !== 'ready');
    const began = performance.now();
    await expect(requests.set('a', '1')).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(1_000);
    await redis.restart();
    await eventually(() => requests.set('a', '1'));
  });

  it('lets a worker wait through an outage', async () => {
    const worker = connections.forWorkers();
    await worker.ping();
    await redis.kill9();
    const waiting = worker.set('b', '2');
    await redis.restart();
    expect(await waiting).toBe('OK');
  });

  it('closes within 2 s while Redis hangs', async () => {
    await connections.forWorkers().ping();
    redis.pause();
    const began = performance.now();
    await connections.close();
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('closes while Redis is away', async () => {
    connections.forWorkers();
    await redis.kill9();
    await connections.close();
  });

  it('is closed with the application', async () => {
    const app = await Test.createTestingModule({ imports: [RedisModule.forRoot(redis.url)] }).compile();
    const client = app.get(RedisConnections).forWorkers();
    expect(await client.ping()).toBe('PONG');
    await app.close();
    expect(client.status).toBe('end');
  });
});
