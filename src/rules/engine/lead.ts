import type { CanonicalEvent } from '../../contracts/event.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';

/** The activities that tell a new value of one field, and the attribute that names the field. */
const CHANGES: ReadonlyMap<string, string> = new Map([
  ['marketo.activity.changedatavalue', 'Attribute Name'],
  ['marketo.activity.changescore', 'Score Name'],
]);

/** The person as this event tells of them, laid over what was known before. */
export function leadOf(event: CanonicalEvent, known: JsonObject | undefined): JsonObject {
  const carried = event.data['lead'];
  return {
    ...known,
    ...(isJsonObject(carried) ? carried : undefined),
    ...(event.leadId === undefined ? undefined : { id: event.leadId }),
    ...changedField(event),
  };
}

/** Marketo leaves the new value out when a field was emptied, so its absence is null here. */
function changedField({ type, attributes, data }: CanonicalEvent): JsonObject | undefined {
  const naming = CHANGES.get(type);
  if (naming === undefined) return undefined;
  const field = attributes[naming] ?? data['primaryAttributeValue'];
  if (typeof field !== 'string') return undefined;
  const value = attributes['New Value'] ?? null;
  return Object.fromEntries([
    [field, value],
    [camelCase(field), value],
  ]);
}

/** `Lead Score` → `leadScore`, `SFDC Type` → `sfdcType`. */
export function camelCase(name: string): string {
  const [first = '', ...others] = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  // A name without a space may be in camel case already.
  const head = others.length === 0 ? first.charAt(0).toLowerCase() + first.slice(1) : first.toLowerCase();
  return head + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
