import type { CanonicalEvent } from '../contracts/event.js';
import { compilePath } from './engine/path.js';
import type { Per } from './rule.js';

/** Events that do not have the member share one key. */
const NO_KEY = '(none)';

/** What a throttle counts by, for one event: the values at `per`, as text. */
export function throttleKey(per: Per, event: CanonicalEvent): string {
  const values = per.map((path) => pathOf(path)(event));
  const value = values.length === 1 ? values[0] : values;
  if (value === undefined || value === null) return NO_KEY;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const paths = new Map<string, (value: unknown) => unknown>();

function pathOf(per: string): (value: unknown) => unknown {
  let path = paths.get(per);
  if (path === undefined) {
    path = compilePath(`$.${per}`);
    paths.set(per, path);
  }
  return path;
}
