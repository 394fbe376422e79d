import { ACTIVITY_TYPES } from '../../catalogue/activity-types.js';
import { knownEventTypes } from '../../catalogue/event-types.js';
import { typeMatches } from '../engine/type-pattern.js';

const attributesByType = new Map(ACTIVITY_TYPES.map(({ type, attributes }) => [type, attributes]));
const coveredBy = new Map<string, readonly string[]>();

/** Known types that an entry of `on` covers, wildcards included. The entry must compile. */
export function typesCoveredBy(entry: string): readonly string[] {
  if (!entry.includes('*'))
    return attributesByType.has(entry) || knownEventTypes().includes(entry) ? [entry] : [];
  const remembered = coveredBy.get(entry);
  if (remembered !== undefined) return remembered;
  const types = knownEventTypes().filter((type) => typeMatches([entry], type));
  if (coveredBy.size < 1_000) coveredBy.set(entry, types);
  return types;
}

/** Attribute names that the types are known to carry; undefined when one of the types could carry any. */
export function attributesOf(types: readonly string[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const type of types) {
    const attributes = attributesByType.get(type);
    // No list of names is a gap of the catalogue, not a type without attributes.
    if (attributes === undefined || attributes.length === 0) return undefined;
    for (const name of attributes) names.add(name);
  }
  return types.length === 0 ? undefined : names;
}
