import fc from 'fast-check';
import { Gathering } from './gathering.js';

const MOST_BYTES = 900_000;

/** Puts parts into calls as they come. */
function gather(sizes: readonly number[], most: number): number[][] {
  const calls: Gathering<{ bytes: number }>[] = [];
  for (const bytes of sizes) {
    if (calls.at(-1)?.add({ bytes }) === true) continue;
    const next = new Gathering<{ bytes: number }>(most);
    next.add({ bytes });
    calls.push(next);
  }
  return calls.map(({ parts }) => parts.map(({ bytes }) => bytes));
}

describe('gathering what goes in one call', () => {
  it('loses nothing, keeps the order, and never makes a call too large unless one part alone is', () => {
    const parts = fc.array(fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.constant(1_000_000)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 20 }), (sizes, most) => {
        const calls = gather(sizes, most);
        expect(calls.flat()).toEqual(sizes);
        for (const call of calls) {
          expect(call.length).toBeLessThanOrEqual(most);
          const bytes = call.reduce((sum, size) => sum + size, 0);
          expect(bytes <= MOST_BYTES || call.length === 1).toBe(true);
        }
        // None could have gone with the call before.
        for (const [index, [first = 0]] of calls.entries()) {
          const before = calls[index - 1] ?? Array.from({ length: most }, () => 0);
          const bytes = before.reduce((sum, size) => sum + size, first);
          expect(before.length === most || bytes > MOST_BYTES).toBe(true);
        }
      }),
    );
  });

  it('is full with the last row that it takes, and with the first that it does not', async () => {
    const byCount = new Gathering<{ bytes: number }>(2);
    expect([byCount.add({ bytes: 1 }), byCount.add({ bytes: 1 }), byCount.add({ bytes: 1 })]).toEqual([
      true,
      true,
      false,
    ]);
    const bySize = new Gathering<{ bytes: number }>(2);
    expect([bySize.add({ bytes: 800_000 }), bySize.add({ bytes: 200_000 })]).toEqual([true, false]);
    await Promise.all([byCount.full, bySize.full]);
  });
});
