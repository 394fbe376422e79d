import type { Effect } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';

const EMAIL = 'email';

/** The field that finds a lead and its value, the same for values that Marketo takes for equal: `email ada@acme.example`. */
function lookupKey({ fields, lookupField = EMAIL }: JsonObject): string {
  const value: unknown = isJsonObject(fields) ? fields[String(lookupField)] : undefined;
  return `${String(lookupField)} ${String(value).trim().toLowerCase()}`;
}

/** The turn of an effect: two calls that create by one key at once make two leads. */
export function leadTurn({ to, params }: Effect): string {
  return `${to}/lead/${lookupKey(params)}`;
}

/** Throws a permanent `Failure` when there is no value to find a lead by. */
export function readLookup(params: { readonly fields: JsonObject; readonly lookupField?: string }): {
  readonly field: string;
  readonly rowKey: string;
} {
  const { fields, lookupField: field = EMAIL } = params;
  const value = fields[field];
  if (value === undefined || value === null || value === '') {
    throw permanent('params.lookup_field', `fields.${field} is empty, so no lead can be found by it`);
  }
  return { field, rowKey: lookupKey(params) };
}
