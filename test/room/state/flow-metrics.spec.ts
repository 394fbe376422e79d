import { Metrics } from '../../../src/observability/metrics.js';
import { DUE_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { FlowMetrics } from '../../../src/state/flow-metrics.js';
import { Silences } from '../../../src/state/silences.js';
import { startRedis } from '../../support/redis.js';

const HOUR = 3_600_000;

it('tells how much waits, how long the oldest is due and how many silences hold; without Redis the same as before', async () => {
  const server = await startRedis({ durable: false });
  const connections = new RedisConnections(server.url);
  const redis = connections.forWorkers();
  const silences = new Silences(connections);
  const metrics = new Metrics();
  new FlowMetrics(connections, silences, metrics);
  const now = Date.now();
  await redis.zadd(DUE_KEY, now - 2 * HOUR, 'a|~sx|1', now - HOUR, 'a|~sx|2', now + HOUR, 'a|~gx|3');
  const silence = { rules: 'leads/*', owner: 'ops', reason: 'An import', createdBy: 'cli:ops' };
  await silences.add({ ...silence, until: new Date(now + HOUR).toISOString() }, now);
  const later = new Date(now + HOUR).toISOString();
  await silences.add({ ...silence, from: later, until: new Date(now + 2 * HOUR).toISOString() }, now);

  const told = await metrics.registry.metrics();
  expect(told).toContain('signalman_waits{state="waiting"} 1\n');
  expect(told).toContain('signalman_waits{state="due"} 2\n');
  expect(told).toMatch(/signalman_waits_overdue_seconds 7[23]\d\d/);
  expect(told).toContain('signalman_silences 1\n');

  await server.stop();
  const without = await metrics.registry.metrics();
  expect(without).toContain('signalman_waits{state="due"} 2\n');
  expect(without).toContain('signalman_silences 1\n');
  await connections.close();
});
