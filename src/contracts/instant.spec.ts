import fc from 'fast-check';
import { parseInstant } from './instant.js';

describe('parseInstant', () => {
  it('reads back every time that it is given in RFC 3339', () => {
    const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseInstant(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it.each([
    ['2024-07-11 13:20:42.755', '2024-07-11T13:20:42.755Z'],
    ['2024-07-11', '2024-07-11T00:00:00.000Z'],
    ['2024-07-11T13:20Z', '2024-07-11T13:20:00.000Z'],
    ['2024-07-11T13:20:42+0200', '2024-07-11T11:20:42.000Z'],
    ['2024-07-11T13:20:42-05', '2024-07-11T18:20:42.000Z'],
    ['2024-07-11T13:20:42.7554321Z', '2024-07-11T13:20:42.755Z'],
    ['2021-05-27T10:22:37.489-5:00', '2021-05-27T15:22:37.489Z'],
    ['2024-7-1 3:20', '2024-07-01T03:20:00Z'],
    ['2024-07-11 13:20:42 UTC', '2024-07-11T13:20:42Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
  ])('%s', (text, expected) => {
    expect(parseInstant(text)).toBe(Date.parse(expected));
  });

  it.each([
    ...['', 'yesterday', '2024', '2024-02-30', '2024-13-01', '2024-07-11T25:00:00Z', '1720704042'],
    ...['2024-07-11T13:20+053', '2024-07-11T13:20+05:75', '2024-07-11T13:20+24:00', '2024-07-11Z'],
    '9999-12-31T23:59:59-23:00',
    `2024-07-11T13:20:42.${'1'.repeat(100_000)}Z`,
  ])('refuses "%s"', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('takes a time with an offset for the instant that it is', () => {
    const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, fc.integer({ min: -1_439, max: 1_439 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const sign = offset < 0 ? '-' : '+';
        const two = (part: number): string => String(part).padStart(2, '0');
        expect(parseInstant(`${local}${sign}${two(hours)}:${two(minutes)}`)).toBe(date.getTime());
        expect(parseInstant(`${local.replace('T', ' ')}${sign}${hours}:${two(minutes)}`)).toBe(
          date.getTime(),
        );
      }),
    );
  });
});
