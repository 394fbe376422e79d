import fc from 'fast-check';
import { perRecipientPace } from './per-recipient-pace.js';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

describe('the pace of a recipient', () => {
  it.each([
    ['20/h', { everyMs: 360_000, burst: 10 }],
    ['1/d', { everyMs: 86_400_000, burst: 1 }],
    ['5/m', { everyMs: 30_000, burst: 3 }],
  ])('of %s', (text, pace) => {
    expect(perRecipientPace(text)).toEqual(pace);
  });

  it.each(['', '20', '0/h', '20/w', '20 / h', '-1/h', '1.5/h'])('is none of "%s"', (text) => {
    expect(perRecipientPace(text)).toBeUndefined();
  });

  it('never lets more come within any such time', () => {
    const counts = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(
        counts,
        fc.constantFrom(...(Object.keys(UNITS) as (keyof typeof UNITS)[])),
        (count, unit) => {
          const { everyMs, burst } = perRecipientPace(`${count}/${unit}`) ?? { everyMs: 0, burst: 0 };
          // From a rested state: a burst, and then as many as there are intervals before the time is over.
          expect(burst + Math.floor((UNITS[unit] - 1) / everyMs)).toBeLessThanOrEqual(count);
        },
      ),
    );
  });
});
