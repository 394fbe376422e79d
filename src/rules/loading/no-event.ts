import type { CanonicalEvent } from '../../contracts/event.js';
import { FactScope } from '../engine/facts.js';

/** For asking an operator what it says of a value, where no event is at hand. */
export const NOTHING = new FactScope({ time: '' } as CanonicalEvent, undefined);
