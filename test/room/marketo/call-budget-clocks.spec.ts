import type { MarketoCallLimits, MarketoDestination } from '../../../src/contracts/connections.js';
import { CallBudget, type Grant, type WantedCall } from '../../../src/marketo/call-budget.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const NOON = Date.parse('2026-05-04T17:00:00Z');
/** Marketo's window, and a second for those on their way. */
const WINDOW = 21_000;
const WANTED: WantedCall = { kind: 'marketo.addToList', priority: 'high', leaseMs: 45_000 };

describe('the budget of calls of machines whose clocks differ', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
  });
  beforeEach(() => connections.forWorkers().flushall());
  afterAll(async () => {
    await connections.close();
    await redis.stop();
  });

  const budgetAt = (now: number) => new CallBudget(connections, { now: () => now });
  const instanceWith = (calls: MarketoCallLimits): MarketoDestination => ({
    ...{ kind: 'marketo', munchkinId: '123-ABC-456', origin: 'https://marketo.example' },
    ...{ clientId: 'c', clientSecret: 's' },
    calls,
  });

  it('grants no more within the window, and tells each by its own clock when to come again', async () => {
    const instance = instanceWith({ atOnce: 10 });
    const last = new Map<number, Grant>();
    let granted = 0;
    for (const now of [NOON, NOON + 30_000, NOON - 30_000]) {
      const budget = budgetAt(now);
      for (;;) {
        const grant = await budget.take(instance, WANTED);
        last.set(now, grant);
        if (!('lease' in grant)) break;
        granted += 1;
        await budget.giveBack(instance, grant.lease, 'done');
      }
    }
    expect(granted).toBe(50);
    for (const [now, grant] of last) {
      const waitMs = 'until' in grant ? grant.until - now : NaN;
      expect(grant).toMatchObject({ obstacle: 'window' });
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(WINDOW);
    }
  });

  it('keeps the place of a call that is under way', async () => {
    const single = instanceWith({ atOnce: 1 });
    expect(await budgetAt(NOON).take(single, WANTED)).toHaveProperty('lease');
    const ahead = budgetAt(NOON + 60_000);
    expect(await ahead.take(single, WANTED)).toEqual({ obstacle: 'places', until: NOON + 60_100 });
    expect(await ahead.report(single)).toMatchObject({ window: 1, places: 1 });
  });
});
