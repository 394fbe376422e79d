import fc from 'fast-check';
import { CHANGES, wallAt } from '../../../test/support/wall-clock.js';
import type { ActiveHours } from '../rule.js';
import { isOpen, nextOpening } from './active-hours.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const base = { timeZone: 'Europe/Berlin', outside: 'defer' } as const;
const at = (text: string): number => Date.parse(text);

/** The same, as somebody would look it up in a calendar: one minute after the other. */
function naiveIsOpen({ days, from, to, timeZone }: ActiveHours, instant: number): boolean {
  const { weekday, minuteOfDay } = wallAt(instant, timeZone);
  const dayBefore = weekday === 1 ? 7 : weekday - 1;
  if (from < to) return days.includes(weekday) && minuteOfDay >= from && minuteOfDay < to;
  return (days.includes(weekday) && minuteOfDay >= from) || (days.includes(dayBefore) && minuteOfDay < to);
}

describe('active hours', () => {
  const office: ActiveHours = { ...base, days: [1, 2, 3, 4, 5], from: 9 * 60, to: 17 * 60 };

  it.each([
    ['2026-11-26T07:59:59.999Z', false],
    ['2026-11-26T08:00:00Z', true],
    ['2026-11-26T15:59:59.999Z', true],
    ['2026-11-26T16:00:00Z', false],
    ['2026-11-28T10:00:00Z', false],
    ['2026-07-01T07:00:00Z', true],
  ])('of an office in Berlin: at %s it is open: %s', (time, open) => {
    expect(isOpen(office, at(time))).toBe(open);
  });

  it('that pass midnight belong to the day on which they begin', () => {
    const saturdayNight: ActiveHours = { ...base, days: [6], from: 22 * 60, to: 6 * 60 };
    expect(isOpen(saturdayNight, at('2026-11-28T22:00:00Z'))).toBe(true);
    expect(isOpen(saturdayNight, at('2026-11-29T04:59:59Z'))).toBe(true);
    expect(isOpen(saturdayNight, at('2026-11-29T05:00:00Z'))).toBe(false);
    expect(isOpen(saturdayNight, at('2026-11-28T03:00:00Z'))).toBe(false);
    expect(nextOpening(saturdayNight, at('2026-11-29T05:00:00Z'))).toBe(at('2026-12-05T21:00:00Z'));
  });

  it('last a day where both ends are the same, and the whole day from 0 to 24', () => {
    expect(isOpen({ ...office, days: [4], from: 540, to: 540 }, at('2026-11-27T07:59:59Z'))).toBe(true);
    expect(isOpen({ ...office, days: [4], from: 0, to: 1440 }, at('2026-11-26T22:59:59Z'))).toBe(true);
    expect(isOpen({ ...office, days: [4], from: 0, to: 1440 }, at('2026-11-26T23:00:00Z'))).toBe(false);
  });

  it('open at the end of a gap that swallows their beginning, and a week later where it swallows them whole', () => {
    const sunday = { ...base, days: [7] };
    const gap = at('2026-03-29T01:00:00Z');
    expect(nextOpening({ ...sunday, from: 150, to: 300 }, at('2026-03-28T12:00:00Z'))).toBe(gap);
    expect(nextOpening({ ...sunday, from: 135, to: 165 }, at('2026-03-28T12:00:00Z'))).toBe(
      at('2026-04-05T00:15:00Z'),
    );
  });

  it('never open without days', () => {
    expect(() => nextOpening({ ...office, days: [] }, at('2026-11-26T00:00:00Z'))).toThrow(RangeError);
  });

  const minuteOfDay = fc.integer({ min: 0, max: 1439 });
  const someHours = fc.record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    from: fc.oneof(minuteOfDay, fc.integer({ min: 0, max: 240 })),
    to: fc.oneof(minuteOfDay, fc.integer({ min: 0, max: 240 })),
    outside: fc.constant('defer' as const),
  });

  it('are what a minute-by-minute look at the clock says, in the days around a change of the clocks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANGES),
        someHours,
        fc.integer({ min: -2 * 1440, max: 1440 }),
        ([timeZone, change], some, minutes) => {
          const hours = { ...some, timeZone };
          const instant = change + minutes * MINUTE;
          expect(isOpen(hours, instant)).toBe(naiveIsOpen(hours, instant));
          let expected = instant;
          while (expected < instant + 3 * DAY && !naiveIsOpen(hours, expected)) expected += MINUTE;
          const found = nextOpening(hours, instant);
          if (expected < instant + 3 * DAY) expect(found).toBe(expected);
          else expect(found).toBeGreaterThanOrEqual(expected);
          expect(naiveIsOpen(hours, found)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
