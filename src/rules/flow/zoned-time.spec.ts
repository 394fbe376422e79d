import fc from 'fast-check';
import { CHANGES, wallAt } from '../../../test/support/wall-clock.js';
import { offsetAt, zonedNow } from './zoned-time.js';

const MINUTE = 60_000;

describe('the clock on the wall', () => {
  it('shows what the platform says, minute by minute around every change of the clocks', () => {
    for (const [timeZone, change] of CHANGES) {
      for (let at = change - 180 * MINUTE; at < change + 180 * MINUTE; at += MINUTE) {
        const { date, weekday, hour, minute } = wallAt(at, timeZone);
        expect(zonedNow(at + 59_999, timeZone)).toEqual({ date, weekday, hour, minute });
      }
    }
  });

  it('shows it at any time, before 1970 as well, whatever was asked before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANGES.map(([timeZone]) => timeZone), 'UTC', 'Asia/Kathmandu'),
        fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2090, 0) }),
        (timeZone, at) => {
          const { date, weekday, hour, minute } = wallAt(at, timeZone);
          expect(zonedNow(at, timeZone)).toEqual({ date, weekday, hour, minute });
        },
      ),
    );
  });

  it('is ahead of UTC by the offset of the moment', () => {
    expect(offsetAt(Date.parse('2026-10-25T00:59:59.999Z'), 'Europe/Berlin')).toBe(120 * MINUTE);
    expect(offsetAt(Date.parse('2026-10-25T01:00:00Z'), 'Europe/Berlin')).toBe(60 * MINUTE);
    expect(offsetAt(Date.parse('2026-06-01T00:00:00Z'), 'America/St_Johns')).toBe(-150 * MINUTE);
  });

  it('is of no zone that does not exist', () => {
    expect(() => zonedNow(0, 'Europe/Atlantis')).toThrow(RangeError);
  });
});
