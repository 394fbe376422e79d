import fc from 'fast-check';
import { RETRY_JITTER, RETRY_PAUSES_MS, retryPause } from './retry-schedule.js';

const HOUR_MS = 3_600_000;

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it('waits longer and longer', () => {
  expect([...RETRY_PAUSES_MS].sort((a, b) => a - b)).toEqual(RETRY_PAUSES_MS);
  expect(RETRY_PAUSES_MS[0]).toBeLessThanOrEqual(1_000);
});

it('shifts every pause by a fifth at most, either way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: RETRY_PAUSES_MS.length }), random, (made, chance) => {
      const pause = RETRY_PAUSES_MS[made - 1] ?? 0;
      expect(Math.abs(retryPause(made, chance) - pause)).toBeLessThanOrEqual(pause * RETRY_JITTER);
    }),
  );
  expect(retryPause(1, 0)).toBe(800);
  expect(retryPause(1, 0.5)).toBe(1_000);
});

it('comes to about three days in all, whatever chance says', () => {
  const all = fc.array(random, { minLength: RETRY_PAUSES_MS.length, maxLength: RETRY_PAUSES_MS.length });
  fc.assert(
    fc.property(all, (chances) => {
      const hours = chances.reduce((sum, chance, index) => sum + retryPause(index + 1, chance), 0) / HOUR_MS;
      expect(hours).toBeGreaterThan(72 * 0.75);
      expect(hours).toBeLessThan(72 * 1.25);
    }),
  );
});
