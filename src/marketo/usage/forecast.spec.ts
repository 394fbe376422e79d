import fc from 'fast-check';
import { type Course, forecastAtMidnight } from './forecast.js';

const HOUR = 3_600_000;
const BEGAN = Date.parse('2026-05-04T05:00:00Z');
const ENDS = BEGAN + 24 * HOUR;

/** `hours` after midnight, with so many calls then and an hour before. */
function after(hours: number, used: number, usedAnHourAgo?: number): Course {
  const at = BEGAN + hours * HOUR;
  const hourAgo = usedAnHourAgo === undefined ? undefined : { at: at - HOUR, used: usedAnHourAgo };
  return { at, used, began: BEGAN, ends: ENDS, hourAgo };
}

const aCourse = fc
  .record({
    minutes: fc.integer({ min: 0, max: 24 * 60 }),
    used: fc.nat(200_000),
    before: fc.option(fc.nat(200_000), { nil: undefined }),
  })
  .map(({ minutes, used, before }) => after(minutes / 60, used, before));

describe('the forecast of calls at midnight', () => {
  it.each([
    ['an even day', after(12, 12_000, 11_000), 24_000],
    ['an even day, early', after(1, 1_000, 0), 24_000],
    ['a day without calls', after(12, 0, 0), 0],
    [
      'a quiet day with a burst in its last hour',
      after(12, 12_000, 2_000),
      12_000 + ((1_000 + 10_000) / 2) * 12,
    ],
    ['a busy morning that is over', after(12, 12_000, 12_000), 12_000 + 500 * 12],
    ['50 calls five minutes after midnight', after(1 / 12, 50), 50 + Math.round(50 * (24 - 1 / 12))],
    ['the end of the day', after(24, 33_333, 30_000), 33_333],
    ['a count that fell', after(12, 12_000, 40_000), 12_000 + 500 * 12],
  ])('of %s', (_what, course, expected) => {
    expect(forecastAtMidnight(course)).toBe(expected);
  });

  it('goes by a sample that is older than an hour over its own time', () => {
    const at = BEGAN + 12 * HOUR;
    const course = {
      at,
      used: 12_000,
      began: BEGAN,
      ends: ENDS,
      hourAgo: { at: at - 4 * HOUR, used: 8_000 },
    };
    expect(forecastAtMidnight(course)).toBe(24_000);
  });

  it('is never below what is used, and a whole number', () => {
    fc.assert(
      fc.property(aCourse, (course) => {
        const forecast = forecastAtMidnight(course);
        expect(forecast).toBeGreaterThanOrEqual(course.used);
        expect(Number.isInteger(forecast)).toBe(true);
      }),
    );
  });

  it('is higher, the faster the calls come', () => {
    fc.assert(
      fc.property(aCourse, fc.nat(10_000), (course, more) => {
        const forecast = forecastAtMidnight(course);
        expect(forecastAtMidnight({ ...course, used: course.used + more })).toBeGreaterThanOrEqual(
          forecast + more,
        );
        const { hourAgo } = course;
        if (hourAgo === undefined) return;
        const slower = { ...hourAgo, used: hourAgo.used + more };
        expect(forecastAtMidnight({ ...course, hourAgo: slower })).toBeLessThanOrEqual(forecast);
      }),
    );
  });
});
