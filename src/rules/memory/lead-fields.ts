import type { CanonicalEvent } from '../../contracts/event.js';
import { isJsonObject } from '../../contracts/json.js';
import { changedField } from '../engine/lead.js';

/** Marketo's standard fields whose display name is not their REST name with spaces: the one, then the other. */
const REST_NAMES: ReadonlyMap<string, string> = new Map(
  [
    ['Billing Address', 'billingStreet'],
    ['Company Name', 'company'],
    ['Email Address', 'email'],
    ['Fax Number', 'fax'],
    ['Job Title', 'title'],
    ['Lead Rating', 'rating'],
    ['Marketo Data.com ID', 'jigsawContactId'],
    ['Marketo Data.com Status', 'jigsawContactStatus'],
    ['Mobile Phone Number', 'mobilePhone'],
    ['Num Employees', 'numberOfEmployees'],
    ['Phone Number', 'phone'],
    ['Role', 'leadRole'],
  ].map(([displayName = '', restName = '']) => [plainName(displayName), plainName(restName)]),
);

/**
 * One name for a field of a person, however people or Marketo write it: `Lead Score`, `leadScore` and `lead_score` are
 * `leadscore`, `Email Address` is `email`. Empty for a text without a letter or digit.
 */
export function canonicalField(name: string): string {
  const plain = plainName(name);
  return REST_NAMES.get(plain) ?? plain;
}

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

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
