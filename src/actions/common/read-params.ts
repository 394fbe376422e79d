import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Effect } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';

/** The rendered parameters of an effect, checked once more: rendering or an older version may have bent them. */
export function readParams<S extends TSchema>(schema: S, effect: Effect): Static<S> {
  const params: unknown = effect.params;
  if (Value.Check(schema, params)) return params;
  const first = Value.Errors(schema, params).First();
  const where =
    first === undefined || first.path === '' ? 'params' : `params${first.path.replaceAll('/', '.')}`;
  throw permanent(
    'params.invalid',
    `${where} of ${effect.type} is not usable: ${first?.message ?? 'unknown reason'}`,
  );
}

/**
 * A positive id given as a number or as text. Throws a permanent `Failure` that shows what a template made of it,
 * because an empty or wrong value is the author's to mend.
 */
export function readId(params: JsonObject, name: string): number {
  const value = params[name];
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (id > 0) return id;
  throw permanent('params.not_an_id', `${name} must be an id in digits, but is ${shown(value)}`);
}

/** A whole number given as a number or as text such as `+5`; permanent `Failure` for anything else. */
export function readInteger(params: JsonObject, name: string): number {
  const value = params[name];
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw permanent('params.not_an_integer', `${name} must be a whole number, but is ${shown(value)}`);
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
