import fc from 'fast-check';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import type { Rule } from '../../../src/rules/rule.js';
import { TrialThrottles } from '../../../src/rules/trial/trial-throttles.js';
import { Throttles } from '../../../src/state/throttles.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

let redis: RedisForTest;
let connections: RedisConnections;
let runs = 0;

beforeAll(async () => {
  redis = await startRedis();
  connections = new RedisConnections(redis.url);
});

afterAll(async () => {
  await connections.close();
  await redis.stop();
});

const claims = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    minute: fc.integer({ min: 0, max: 30 }),
    lead: fc.constantFrom('7', '8'),
  }),
  { maxLength: 16 },
);

it('a trial throttles as the stored throttles do', async () => {
  const stored = new Throttles(connections);
  await fc.assert(
    fc.asyncProperty(claims, fc.integer({ min: 1, max: 10 }), async (wanted, minutes) => {
      const everyMs = minutes * 60_000;
      const rule = { id: `trial-${++runs}`, throttle: { per: ['leadId'], everyMs } } as unknown as Rule;
      const events = wanted.map(({ id, minute, lead }) => {
        const time = new Date(Date.UTC(2026, 2, 9, 16, minute)).toISOString();
        return { id: `${id}`, leadId: lead, time } as CanonicalEvent;
      });
      const requests = events.map(({ id, leadId = '', time }) => ({
        ruleId: rule.id,
        key: leadId,
        eventId: id,
        time: Date.parse(time),
        everyMs,
      }));
      const trial = new TrialThrottles();
      expect(events.map((event) => trial.claim(rule, event))).toEqual(await stored.claim(requests));
    }),
    { numRuns: 200 },
  );
});
