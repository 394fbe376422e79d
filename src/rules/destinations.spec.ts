import type { CanonicalEvent } from '../contracts/event.js';
import { chooseDestination } from './destinations.js';

it('sends an emitted event to the engine itself, whatever connections there are', () => {
  expect(chooseDestination(undefined, 'signalman', {} as CanonicalEvent, {})).toEqual({ name: 'signalman' });
});
