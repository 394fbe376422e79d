import * as fc from 'fast-check';
import { buildLookUp } from './build-look-up.js';
import type { Criterion } from './criterion.js';
import { FOLDED, NUMBER } from './fact-views.js';

function found(criteria: readonly Criterion[], fact: unknown): number[] {
  const places: number[] = [];
  const lookUp = buildLookUp(criteria.map((criterion, place) => [criterion, place] as const));
  lookUp.find(fact, { visit: (place) => places.push(place) });
  return places.sort((a, b) => a - b);
}

function placesOf<C extends Criterion>(criteria: readonly C[], holds: (criterion: C) => boolean): number[] {
  return criteria.flatMap((criterion, place) => (holds(criterion) ? [place] : []));
}

const end = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(-Infinity, Infinity, 0.5));
const range = fc
  .tuple(end, end)
  .map(([low, high]) => ({ kind: 'in range', view: NUMBER, low, high }) as const);
const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
const prefix = text
  .filter((each) => each !== '')
  .map((each) => ({ kind: 'begins with', view: FOLDED, prefix: each }) as const);
const values = fc
  .uniqueArray(fc.constantFrom<unknown>('a', 'b', '1', 1, 0, -0, true, null))
  .map((each) => ({ kind: 'one of', view: FOLDED, values: [...new Set(each)] }) as const);

describe('look-ups', () => {
  it('find every range that a number lies in, empty and endless ones among them, and no other', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 60 }), fc.oneof(end, fc.constant(NaN)), (ranges, point) => {
        const expected = placesOf(ranges, ({ low, high }) => point >= low && point <= high);
        expect(found(ranges, point)).toEqual(expected);
      }),
    );
  });

  it('find every prefix that a text has, and no other', () => {
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 30 }), text, (prefixes, fact) => {
        expect(found(prefixes, fact)).toEqual(placesOf(prefixes, (each) => fact.startsWith(each.prefix)));
      }),
    );
  });

  it('find every list that a value stands in, and no other', () => {
    fc.assert(
      fc.property(
        fc.array(values, { maxLength: 10 }),
        fc.constantFrom('a', '1', 1, 0, null, [1]),
        (lists, fact) => {
          expect(found(lists, fact)).toEqual(placesOf(lists, (each) => each.values.includes(fact)));
        },
      ),
    );
  });
});
