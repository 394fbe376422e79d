import { checked } from '../config/custom-check.js';
import { parseInstant } from '../contracts/instant.js';

/** A member that is a time. */
export const Time = (): PropertyDecorator =>
  checked(
    'time',
    (text) => parseInstant(text) !== undefined,
    () => 'a time such as 2026-11-24T10:00:00Z',
  );
