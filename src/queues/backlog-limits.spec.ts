import * as fc from 'fast-check';
import { type BacklogSample, refusalOf } from './backlog-limits.js';

const LIMITS = { backlogBytes: 100 * 1_048_576, backlogBatches: 1_000, backlogEffects: 10 };
const EMPTY: BacklogSample = { bytes: 0, batches: 0, effects: 0, memoryRatio: 0 };

const refusal = (changes: Partial<BacklogSample>, random = 0) =>
  refusalOf({ ...EMPTY, ...changes }, LIMITS, random);

describe('refusalOf', () => {
  it.each<Partial<BacklogSample>>([
    {},
    { bytes: LIMITS.backlogBytes - 1 },
    { batches: 999 },
    { memoryRatio: 0.79 },
    { memoryRatio: undefined },
    // Effects hold back the judge, and only what then waits for it holds back the door.
    { effects: 1_000_000 },
  ])('lets deliveries in at %j', (changes) => {
    expect(refusal(changes)).toBeUndefined();
  });

  it.each<[Partial<BacklogSample>, string]>([
    [{ bytes: LIMITS.backlogBytes }, '100.0 MB of deliveries wait to be decided; the limit is 100.0 MB.'],
    [{ batches: 1_000 }, '1000 batches wait to be decided; the limit is 1000.'],
    [{ memoryRatio: 0.8 }, 'Redis uses 80 % of its memory, and what is above 80 % is left to the workers.'],
    [{ batches: 1_000, memoryRatio: 1 }, 'Redis uses 100 % of its memory, and'],
  ])('refuses at %j and says why', (changes, reason) => {
    expect(refusal(changes)?.reason).toContain(reason);
  });

  it('asks senders to come later the further it is over, between 5 and 30 s', () => {
    expect(refusal({ batches: 1_000 })?.retryAfterS).toBe(5);
    expect(refusal({ batches: 1_000_000 }, 1)?.retryAfterS).toBe(30);
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 1e6 }),
        fc.nat(1e6),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (batches, more, random) => {
          const [near, far] = [refusal({ batches }, random), refusal({ batches: batches + more }, random)];
          expect(near?.retryAfterS).toBeGreaterThanOrEqual(5);
          expect(far?.retryAfterS).toBeLessThanOrEqual(30);
          expect(far?.retryAfterS).toBeGreaterThanOrEqual(near?.retryAfterS ?? Infinity);
        },
      ),
    );
  });
});
