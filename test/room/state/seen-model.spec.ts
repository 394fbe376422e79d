import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { claimsKey, REMEMBER_MS } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { SeenEvents } from '../../../src/state/seen-events.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-24T10:00:00Z');

/** A batch comes, or one that came before comes again because a crash came between. */
type Step =
  | { readonly kind: 'batch'; readonly afterMs: number; readonly ids: readonly string[] }
  | { readonly kind: 'again'; readonly afterMs: number; readonly which: number; readonly finish: boolean };

const after = fc.oneof(
  fc.integer({ min: 0, max: 12 * DAY }),
  fc.integer({ min: 0, max: HOUR }),
  // The clock of another worker is behind.
  fc.integer({ min: -REMEMBER_MS, max: 0 }),
  fc.constantFrom(REMEMBER_MS, REMEMBER_MS - 1, 5 * DAY),
);
const id = fc.integer({ min: 0, max: 11 }).map((number) => `event-${number}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      afterMs: after,
      ids: fc.array(id, { maxLength: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('again' as const),
      afterMs: after,
      which: fc.nat(),
      finish: fc.boolean(),
    }),
  },
);

/** What must be answered: an event counts as new when nobody brought it in the last ten days. */
class Model {
  private readonly lastClaim = new Map<string, number>();

  /** `undefined` where both answers are right: it came, but longer ago than it must be remembered. */
  claim(ids: readonly string[], now: number): (boolean | undefined)[] {
    const inThisCall = new Set<string>();
    return ids.map((event) => {
      const last = this.lastClaim.get(event);
      const twice = inThisCall.has(event);
      inThisCall.add(event);
      // A clock that goes back does not make a claim older than it was.
      this.lastClaim.set(event, Math.max(now, last ?? now));
      if (twice) return false;
      if (last === undefined) return true;
      return now - last <= REMEMBER_MS ? false : undefined;
    });
  }
}

describe('SeenEvents beside a simple model', () => {
  let server: RedisForTest;
  let connections: RedisConnections;
  let redis: Redis;
  let seen: SeenEvents;
  let now = START;

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    connections = new RedisConnections(server.url);
    redis = connections.forWorkers();
    seen = new SeenEvents(connections, { now: () => now });
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });

  it('recognises every repeat within ten days of any arrival, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await redis.flushall();
        now = START;
        let latest = now;
        const model = new Model();
        const open: { owner: string; ids: readonly string[]; answers: boolean[] }[] = [];
        for (const [serial, { afterMs, ...what }] of steps.entries()) {
          now = Math.max(now + afterMs, latest - REMEMBER_MS);
          latest = Math.max(now, latest);
          if (what.kind === 'batch') {
            const owner = `b${serial}`;
            const answers = await seen.claim(owner, what.ids.map(eventOf));
            const expected = model.claim(what.ids, now);
            expect(answers).toEqual(answers.map((answer, index) => expected[index] ?? answer));
            open.push({ owner, ids: what.ids, answers });
          } else if (open.length > 0) {
            const index = what.which % open.length;
            const { owner, ids, answers } = open[index] as (typeof open)[number];
            expect(await seen.claim(owner, ids.map(eventOf))).toEqual(answers);
            if (what.finish) {
              await redis.unlink(claimsKey(owner));
              open.splice(index, 1);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

function eventOf(event: string): { id: string } {
  return { id: event };
}
