import type { CanonicalEvent } from '../contracts/event.js';
import { chooseDestination } from './destinations.js';

describe('where an emitted event goes', () => {
  const chosen = (depth: number | undefined) => {
    const cause = { ruleId: 'leads/last', eventId: 'x', effectId: 'e', depth: depth ?? 0 };
    const event = (depth === undefined ? {} : { cause }) as CanonicalEvent;
    return chooseDestination(undefined, 'signalman', event, {});
  };

  it('is the engine itself, whatever connections there are', () => {
    expect([chosen(undefined), chosen(1), chosen(7)]).toEqual(Array(3).fill({ name: 'signalman' }));
  });

  it('is nowhere after eight in a chain, and the last rule of it is named', () => {
    expect(chosen(8)).toEqual({
      name: undefined,
      reason: '8 events were emitted one because of the other, the last by the rule leads/last: no more are.',
    });
  });
});
