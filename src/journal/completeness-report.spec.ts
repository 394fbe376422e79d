import fc from 'fast-check';
import { accountsOf, type Observation, type Snapshot } from './completeness-report.js';

const PLACE = { hour: '2026-05-04T10', source: 'prod' };

/** What a delivery can be when the queues are read, and what it has become by the second look. */
const FATES = {
  'seen before': { queued: undefined, seenBefore: true, seenAfter: true },
  'seen at the last moment': { queued: undefined, seenBefore: false, seenAfter: true },
  'seen meanwhile': { queued: 'waiting', seenBefore: false, seenAfter: true },
  waiting: { queued: 'waiting', seenBefore: false, seenAfter: false },
  dead: { queued: 'dead', seenBefore: false, seenAfter: false },
  lost: { queued: undefined, seenBefore: false, seenAfter: false },
} as const;
type Fate = keyof typeof FATES;
const fate = fc.constantFrom(...(Object.keys(FATES) as Fate[]));

function observed(fates: readonly Fate[]): Observation {
  const count = (is: (of: (typeof FATES)[Fate]) => boolean): number =>
    fates.filter((name) => is(FATES[name])).length;
  const snapshot = (seen: number): Snapshot => ({
    lines: [],
    deliveries: fates.length === 0 ? [] : [{ ...PLACE, accepted: fates.length, seen }],
  });
  const held = {
    waiting: count(({ queued }) => queued === 'waiting'),
    dead: count(({ queued }) => queued === 'dead'),
  };
  return {
    before: snapshot(count(({ seenBefore }) => seenBefore)),
    queued: held.waiting + held.dead === 0 ? [] : [{ ...PLACE, ...held }],
    queuedEffects: [],
    after: snapshot(count(({ seenAfter }) => seenAfter)),
  };
}

it('never calls missing what was only on its way', () => {
  fc.assert(
    fc.property(fc.array(fate), (fates) => {
      const missing = accountsOf(observed(fates)).deliveries[0]?.missing ?? 0;
      expect(missing).toBeLessThanOrEqual(fates.filter((name) => name === 'lost').length);
    }),
  );
});

it('finds every one that is lost once nothing moves', () => {
  const still = fate.filter((name) => name !== 'seen meanwhile');
  fc.assert(
    fc.property(fc.array(still, { minLength: 1 }), (fates) => {
      const lost = fates.filter((name) => name === 'lost').length;
      expect(accountsOf(observed(fates)).deliveries).toMatchObject([{ missing: lost }]);
    }),
  );
});
