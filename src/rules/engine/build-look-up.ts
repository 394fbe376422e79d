import type { Criterion } from './criterion.js';
import type { LookUp } from './look-up.js';
import { PrefixLookUp } from './prefix-look-up.js';
import { RangeLookUp } from './range-look-up.js';
import { ValueLookUp } from './value-look-up.js';

/** The look-up that finds candidates by criteria of one kind. */
export function buildLookUp<C>(entries: readonly (readonly [Criterion, C])[]): LookUp<C> {
  const ranges = entries.flatMap(([criterion, candidate]) =>
    criterion.kind === 'in range' ? [[criterion, candidate] as const] : [],
  );
  if (ranges.length > 0) return new RangeLookUp(ranges);
  const prefixes = entries.flatMap(([criterion, candidate]) =>
    criterion.kind === 'begins with' ? [[criterion.prefix, candidate] as const] : [],
  );
  if (prefixes.length > 0) return new PrefixLookUp(prefixes);
  return new ValueLookUp(
    entries.flatMap(([criterion, candidate]) =>
      criterion.kind === 'one of' ? criterion.values.map((value) => [value, candidate] as const) : [],
    ),
  );
}
