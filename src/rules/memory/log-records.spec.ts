import fc from 'fast-check';
import { decodeEntries, encodeEntries, encodeNote, noteValue, type SeriesEntry } from './log-records.js';
import type { Keeps } from './stateful-facts.js';

const TIME = 0x0102_0304_0506;
const HEAD = '010203040506';

describe('what is noted of a value', () => {
  it.each<[Keeps, unknown, unknown]>([
    ['times', 'CA', undefined],
    ['numbers', 7, 7],
    ['numbers', '+10', 10],
    ['numbers', '3.5', 3.5],
    ['numbers', ' -.5e1 ', -5],
    ['numbers', '10 %', undefined],
    ['numbers', '', undefined],
    ['numbers', '0x10', undefined],
    ['numbers', 'Infinity', undefined],
    ['numbers', '1e999', undefined],
    ['numbers', true, undefined],
    ['numbers', [7], undefined],
    ['numbers', null, undefined],
    ['hashes', undefined, undefined],
    ['hashes', null, undefined],
    ['hashes', '', undefined],
    ['values', undefined, 'null'],
    ['values', null, 'null'],
    ['values', '', '""'],
    ['values', 'CA', '"CA"'],
    ['values', false, 'false'],
    ['values', ['CA', { a: 1 }], '["CA",{"a":1}]'],
    ['values', 'x'.repeat(200), `"${'x'.repeat(200)}"`],
  ])('%s of %j: %j', (keeps, raw, noted) => {
    expect(noteValue(keeps, raw)).toBe(noted);
  });

  it('is a hash of 48 bits that tells values apart by their JSON', () => {
    const values = ['7', 7, true, 'true', ['7'], { a: 7 }, 'CA', 'ca', 0, false];
    const hashes = values.map((value) => noteValue('hashes', value));
    expect(new Set(hashes).size).toBe(values.length);
    expect(noteValue('hashes', ['7'])).toBe(noteValue('hashes', ['7']));
    for (const hash of hashes) expect(hash).toBeLessThan(2 ** 48);
  });

  it.each([
    ['a text', 'x'.repeat(200), 'y', 'z'],
    ['a list', ['x'.repeat(200)], 'y', 'z'],
  ])('is the beginning of %s of more than 200 characters, and a hash of the whole', (_, long, one, other) => {
    const [first, second] = [one, other].map((end) => noteValue('values', [long, end].flat().join('')));
    expect(first).not.toBe(second);
    expect(noteValue('values', [long, one].flat().join(''))).toBe(first);
    const kept = JSON.parse(String(first)) as string;
    expect(kept).toMatch(/^x{160}…[\w-]{16}$/);
  });

  it('keeps a long list or object as a text, shortened the same way', () => {
    const long = { list: Array.from({ length: 100 }, (_, index) => index) };
    const kept = JSON.parse(String(noteValue('values', long))) as unknown;
    expect(kept).toMatch(/^\{"list":\[0,1,2,[\d,]+…[\w-]{16}$/);
    expect(noteValue('values', { list: [...long.list, 100] })).not.toBe(JSON.stringify(kept));
  });
});

describe('a record', () => {
  it.each<[string, Keeps, SeriesEntry, string]>([
    ['an event', 'times', { time: TIME, count: 1, value: undefined }, '0001'],
    ['several', 'times', { time: TIME, count: 65_535, value: undefined }, 'ffff'],
    ['a number', 'numbers', { time: TIME, count: 1, value: -2 }, '0001c000000000000000'],
    [
      'several numbers',
      'numbers',
      { time: TIME, count: 3, value: 2, range: { min: -2, max: 2 } },
      '00034000000000000000c0000000000000004000000000000000',
    ],
    ['a hash', 'hashes', { time: TIME, count: 1, value: 0x0a0b_0c0d_0e0f }, '0a0b0c0d0e0f'],
    ['a value', 'values', { time: TIME, count: 1, value: '"é"' }, '000422c3a922'],
  ])('of %s in a log of %s has its bytes', (_, keeps, entry, bytes) => {
    expect(encodeEntries(keeps, [entry]).toString('hex')).toBe(HEAD + bytes);
    expect(decodeEntries(keeps, Buffer.from(HEAD + bytes, 'hex'))).toEqual([entry]);
  });

  it.each([-1, 0, Number.NaN])('of the time %d counts as of the beginning of 1970', (time) => {
    expect(decodeEntries('times', encodeNote('times', time))).toEqual([
      { time: 0, count: 1, value: undefined },
    ]);
  });

  const noted: Readonly<Record<Keeps, fc.Arbitrary<unknown>>> = {
    times: fc.constant(undefined),
    numbers: fc.double({ noNaN: true, noDefaultInfinity: true }),
    hashes: fc.string({ minLength: 1 }),
    values: fc.jsonValue(),
  };

  it.each(Object.keys(noted) as Keeps[])(
    'in a log of %s is read as it was written, and up to a cut',
    (keeps) => {
      const note = fc.tuple(fc.integer({ min: 0, max: 2 ** 47 }), noted[keeps]);
      fc.assert(
        fc.property(fc.array(note, { maxLength: 8 }), fc.nat(), (notes, cut) => {
          const entries = notes.map(([time, raw]) => ({ time, count: 1, value: noteValue(keeps, raw) }));
          const records = entries.map(({ time, value }) => encodeNote(keeps, time, value));
          const bytes = Buffer.concat(records);
          expect(decodeEntries(keeps, bytes)).toEqual(entries);
          const end = cut % (bytes.length + 1);
          let length = 0;
          const whole = records.filter((record) => (length += record.length) <= end).length;
          expect(decodeEntries(keeps, bytes.subarray(0, end))).toEqual(entries.slice(0, whole));
        }),
      );
    },
  );

  it.each<Keeps>(['times', 'numbers', 'hashes', 'values'])(
    'of %s is looked for in any bytes without a throw',
    (keeps) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
          expect(decodeEntries(keeps, Buffer.from(bytes)).length).toBeLessThanOrEqual(bytes.length / 8);
        }),
      );
    },
  );

  it.each<Keeps>(['times', 'numbers'])('of %s that stands for no event ends the log', (keeps) => {
    const bytes = Buffer.concat([encodeNote(keeps, 1, 7), Buffer.alloc(32), encodeNote(keeps, 2, 7)]);
    expect(decodeEntries(keeps, bytes)).toHaveLength(1);
  });
});
