import fc from 'fast-check';
import { REMEMBER_MS } from '../../../src/redis/keys.js';
import { periodsAt } from '../../../src/state/seen-periods.js';

const HOUR = 3_600_000;
const instant = fc
  .oneof(
    fc.integer({ min: 0, max: 4_000 * REMEMBER_MS }),
    // Ends of periods, where mistakes would be.
    fc.tuple(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: -2, max: 2 })).map(sum),
  )
  .filter((time) => time >= REMEMBER_MS);

function sum([period, off]: [number, number]): number {
  return period * REMEMBER_MS + off;
}

describe('periodsAt', () => {
  it('asks for every period in which a claim of the last ten days, or of a clock ten days ahead, can stand', () => {
    const between = fc.oneof(
      fc.integer({ min: -REMEMBER_MS, max: REMEMBER_MS }),
      fc.constantFrom(-REMEMBER_MS, 0, REMEMBER_MS),
    );
    fc.assert(
      fc.property(instant, between, (earlier, later) => {
        const { into, others } = periodsAt(earlier + later);
        expect([into, ...others]).toContain(periodsAt(earlier).into);
      }),
      { numRuns: 5_000 },
    );
  });

  it('keeps a period for longer than anybody asks for it', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 3 * REMEMBER_MS }), (claimed, later) => {
        const { into, keepMs } = periodsAt(claimed);
        const asksForIt = periodsAt(claimed + later).others.includes(into);
        if (asksForIt) expect(later).toBeLessThan(keepMs - 23 * HOUR);
      }),
      { numRuns: 5_000 },
    );
  });

  it('lets a period end at one instant, whenever in it that is said', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: REMEMBER_MS - 1 }), (time, into) => {
        const start = Math.floor(time / REMEMBER_MS) * REMEMBER_MS;
        expect(start + into + periodsAt(start + into).keepMs).toBe(start + periodsAt(start).keepMs);
      }),
    );
  });
});
