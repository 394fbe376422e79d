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
  ])('%s', (text, expected) => {
    expect(parseInstant(text)).toBe(Date.parse(expected));
  });

  it.each(['', 'yesterday', '2024', '2024-02-30', '2024-13-01', '2024-07-11T25:00:00Z', '1720704042'])(
    'refuses "%s"',
    (text) => {
      expect(parseInstant(text)).toBeUndefined();
    },
  );
});
