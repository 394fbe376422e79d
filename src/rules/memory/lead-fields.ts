import { canonicalField } from '../../catalogue/lead-field-names.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { isJsonObject } from '../../contracts/json.js';
import { changedField } from '../engine/lead.js';

/**
 * What an event tells of its person, by canonical field name: the members of `data.lead`, and the field that a change
 * of a data value or of a score names. The attributes of a new lead say how it came, not what its fields are.
 */
export function tellsOf(event: CanonicalEvent): ReadonlyMap<string, unknown> {
  const carried = event.data['lead'];
  const told = new Map<string, unknown>();
  for (const [name, value] of isJsonObject(carried) ? Object.entries(carried) : [])
    told.set(canonicalField(name), value);
  const changed = changedField(event);
  if (changed !== undefined) told.set(canonicalField(changed.name), changed.value);
  told.delete('');
  return told;
}
