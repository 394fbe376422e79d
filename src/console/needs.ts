import type { KeyRole } from '../access/key.js';

/** What a route asks of whoever calls it. */
export interface Needs {
  readonly role: KeyRole;
  /** A key is not needed on this machine. */
  readonly orLocal: boolean;
}

/** Under which a route keeps it. */
export const NEEDS = Symbol('Needs');
