import { ACTIVITY_TYPES } from '../../catalogue/activity-types.js';
import { isKnownEventType, knownEventTypes } from '../../catalogue/event-types.js';

const attributesByType = new Map(ACTIVITY_TYPES.map(({ type, attributes }) => [type, attributes]));

/** Known types that a name in `on` covers; `*` stands for one whole segment, at the end for all that follow. */
export function typesCoveredBy(pattern: string): readonly string[] {
  if (!pattern.includes('*')) return isKnownEventType(pattern) ? [pattern] : [];
  return knownEventTypes().filter((type) => covers(pattern, type));
}

/** True when the name or wildcard in `on` covers the type. */
export function covers(pattern: string, type: string): boolean {
  const wanted = pattern.split('.');
  const segments = type.split('.');
  const isOpen = wanted.at(-1) === '*' && segments.length >= wanted.length;
  if (!isOpen && segments.length !== wanted.length) return false;
  return wanted.every((segment, index) => segment === '*' || segment === segments[index]);
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
