import { effectsFor } from '../../../test/support/effects.js';
import { unsentLine } from './undo-lines.js';

const queued = effectsFor(2);

it('tells what waits and what becomes of it', () => {
  const unsent = { queued, held: [], underWay: 0 };
  expect(unsentLine(unsent, false)).toBe('2 effects not sent yet: --also-waiting ends them unsent.');
  expect(unsentLine(unsent, true)).toBe('2 effects not sent yet: to be ended unsent.');
  expect(unsentLine({ ...unsent, queued: [] }, true)).toBeUndefined();
});

it('says of nothing that is being sent that it ends', () => {
  const unsent = { queued: [], held: [], underWay: 1 };
  for (const isWanted of [true, false])
    expect(unsentLine(unsent, isWanted)).toBe('1 effect being sent now: undo again for that.');
  expect(unsentLine({ ...unsent, queued }, true)).toBe(
    '2 effects not sent yet: to be ended unsent. 1 effect being sent now: undo again for that.',
  );
});
