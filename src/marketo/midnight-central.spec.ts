import fc from 'fast-check';
import { dayCentral, lastMidnightCentral, nextMidnightCentral } from './midnight-central.js';

const iso = (at: string) => new Date(nextMidnightCentral(Date.parse(at))).toISOString();
const HOUR = 3_600_000;

describe('the next midnight in Marketo’s time zone', () => {
  it.each([
    ['winter', '2026-01-15T12:00:00Z', '2026-01-16T06:00:00.000Z'],
    ['summer', '2026-07-15T12:00:00Z', '2026-07-16T05:00:00.000Z'],
    ['late evening there, already tomorrow in UTC', '2026-01-16T05:59:59.999Z', '2026-01-16T06:00:00.000Z'],
    ['midnight itself leads to the next one', '2026-01-16T06:00:00Z', '2026-01-17T06:00:00.000Z'],
    ['the day before clocks go forward', '2026-03-07T18:00:00Z', '2026-03-08T06:00:00.000Z'],
    ['the day clocks go forward', '2026-03-08T18:00:00Z', '2026-03-09T05:00:00.000Z'],
    ['the day before clocks go back', '2026-10-31T18:00:00Z', '2026-11-01T05:00:00.000Z'],
    ['the day clocks go back', '2026-11-01T18:00:00Z', '2026-11-02T06:00:00.000Z'],
    ['the hour that comes twice', '2026-11-01T06:30:00Z', '2026-11-02T06:00:00.000Z'],
    ['the end of a year', '2026-12-31T23:00:00Z', '2027-01-01T06:00:00.000Z'],
    ['a leap day', '2028-02-28T20:00:00Z', '2028-02-29T06:00:00.000Z'],
  ])('%s', (_name, now, expected) => {
    expect(iso(now)).toBe(expected);
  });

  it('is always ahead, at most 25 hours, and at 0 o’clock in Chicago', () => {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Chicago', timeStyle: 'medium' });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2040, 0) }), (now) => {
        const next = nextMidnightCentral(now);
        expect(next).toBeGreaterThan(now);
        expect(next - now).toBeLessThanOrEqual(25 * HOUR);
        expect(clock.format(next)).toBe('00:00:00');
      }),
      { numRuns: 500 },
    );
  });

  it('is the one with which the next day begins, and the day keeps its name until then', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2040, 0) }), (now) => {
        const [began, ends] = [lastMidnightCentral(now), nextMidnightCentral(now)];
        expect(began).toBeLessThanOrEqual(now);
        expect(nextMidnightCentral(began)).toBe(ends);
        expect([began, ends - 1].map(dayCentral)).toEqual([dayCentral(now), dayCentral(now)]);
        expect(dayCentral(ends)).not.toBe(dayCentral(now));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['2026-03-09T04:59:59Z', '2026-03-08', '2026-03-08T06:00:00.000Z'],
    ['2026-03-09T05:00:00Z', '2026-03-09', '2026-03-09T05:00:00.000Z'],
    ['2026-11-02T05:59:59Z', '2026-11-01', '2026-11-01T05:00:00.000Z'],
    ['2026-11-02T06:30:00Z', '2026-11-02', '2026-11-02T06:00:00.000Z'],
  ])('%s lies on %s, which began at %s', (now, day, began) => {
    expect(dayCentral(Date.parse(now))).toBe(day);
    expect(new Date(lastMidnightCentral(Date.parse(now))).toISOString()).toBe(began);
  });
});
