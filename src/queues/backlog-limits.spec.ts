import * as fc from 'fast-check';
import { type BacklogSample, effectsAreFull, laneShare, refusalOf } from './backlog-limits.js';

const LIMITS = { backlogBytes: 100 * 1_048_576, backlogBatches: 1_000, backlogEffects: 10 };
const EMPTY: BacklogSample = { bytes: 0, batches: 0, lanes: [], held: 0, memoryRatio: 0 };

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
    { lanes: [1_000_000] },
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

describe('effectsAreFull', () => {
  const limits = { ...LIMITS, backlogEffects: 100 };
  const areFull = (...lanes: number[]) => effectsAreFull({ ...EMPTY, lanes }, limits);

  it('takes as many lanes in trouble as have a share, or four times as many effects in all', () => {
    expect(areFull(399)).toBe(false);
    expect(areFull(399, 0, 0)).toBe(false);
    expect(areFull(100, 100, 100, 24)).toBe(false);
    expect(areFull(25, 25, 25, 25)).toBe(true);
    expect(areFull(...Array.from({ length: 100 }, () => 1))).toBe(true);
    expect(areFull(...Array.from({ length: 99 }, () => 1))).toBe(false);
    expect(areFull(400)).toBe(true);
  });

  it('leaves every lane a share of one at least', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (backlogEffects) => {
        expect(laneShare({ ...LIMITS, backlogEffects })).toBeGreaterThanOrEqual(1);
        expect(effectsAreFull(EMPTY, { ...LIMITS, backlogEffects })).toBe(false);
      }),
    );
  });
});
