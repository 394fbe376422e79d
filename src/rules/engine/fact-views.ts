import { parseInstant } from '../../contracts/instant.js';

/** How a fact is looked at before it is compared. The same object for all who look at it so; never throws. */
export interface View<T = unknown> {
  readonly name: string;
  readonly of: (fact: unknown) => T;
}

export const AS_IT_IS: View = { name: 'as it is', of: (fact) => fact };

/** A text in lower case; undefined for everything else. */
export const FOLDED: View<string | undefined> = {
  name: 'folded',
  of: (fact) => (typeof fact === 'string' ? fact.toLowerCase() : undefined),
};

/** A number; NaN for everything else. */
export const NUMBER: View<number> = {
  name: 'number',
  of: (fact) => (typeof fact === 'number' ? fact : Number.NaN),
};

/**
 * What json-rules-engine compares with a number: a number, a text that is one, or a list of one such; NaN for everything
 * else. It asks first whether the fact starts like a number, so that the empty text is none.
 */
export const NUMERIC: View<number> = {
  name: 'numeric',
  of: (fact) => {
    if (typeof fact === 'number') return fact;
    let value = fact;
    while (Array.isArray(value) && value.length === 1) value = value[0] as unknown;
    if (typeof value === 'string') return startsLikeNumber(value) ? Number(value) : Number.NaN;
    return typeof value === 'number' ? value : Number.NaN;
  },
};

/** A time written as text, epoch milliseconds; NaN for everything else. */
export const INSTANT: View<number> = {
  name: 'instant',
  of: (fact) => (typeof fact === 'string' ? parseInstant(fact) : undefined) ?? Number.NaN,
};

/** json-rules-engine's test of a left side: whatever starts like a number, `"10 %"` and `[7]` too. */
export function startsLikeNumber(value: unknown): boolean {
  return !Number.isNaN(Number.parseFloat(value as string));
}
