import type { View } from './fact-views.js';

/** What must be true of a fact for a condition to hold, in a form by which an index finds the condition. */
export type Criterion = OneOf | BeginsWith | InRange;

/** The condition holds exactly when the fact, looked at so, is one of these. */
export interface OneOf {
  readonly kind: 'one of';
  readonly view: View;
  readonly values: readonly unknown[];
}

/** The condition holds exactly when the fact, looked at so, is a text that begins with this one; it is not empty. */
export interface BeginsWith {
  readonly kind: 'begins with';
  readonly view: View<string | undefined>;
  readonly prefix: string;
}

/** The condition holds only when the fact, looked at so, lies in this range, both ends included. */
export interface InRange {
  readonly kind: 'in range';
  readonly view: View<number>;
  readonly low: number;
  readonly high: number;
}

export function atLeast(low: number, view: View<number>): InRange {
  return { kind: 'in range', view, low, high: Infinity };
}

export function atMost(high: number, view: View<number>): InRange {
  return { kind: 'in range', view, low: -Infinity, high };
}
