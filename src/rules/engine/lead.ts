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
    ...underBothNames(changedField(event)),
  };
}

/** A field of the person, and the value that it has from now on. */
export interface ChangedField {
  /** As Marketo displays it: `Lead Score`. */
  readonly name: string;
  readonly value: unknown;
}

/**
 * The field that an event tells a new value of. Marketo leaves the new value out when a field was emptied, so its
 * absence is null here.
 */
export function changedField({ type, attributes, data }: CanonicalEvent): ChangedField | undefined {
  const naming = CHANGES.get(type);
  if (naming === undefined) return undefined;
  const name = attributes[naming] ?? data['primaryAttributeValue'];
  return typeof name === 'string' ? { name, value: attributes['New Value'] ?? null } : undefined;
}

function underBothNames(changed: ChangedField | undefined): JsonObject | undefined {
  if (changed === undefined) return undefined;
  const { name, value } = changed;
  return Object.fromEntries([
    [name, value],
    [camelCase(name), value],
  ]);
}

/** `Lead Score` → `leadScore`, `SFDC Type` → `sfdcType`. */
export function camelCase(name: string): string {
  const [first = '', ...others] = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  // A name without a space may be in camel case already.
  const head = others.length === 0 ? first.charAt(0).toLowerCase() + first.slice(1) : first.toLowerCase();
  return head + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
