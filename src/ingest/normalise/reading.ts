import type { CanonicalEvent } from '../../contracts/event.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';

/** Why a piece of a delivery is no event: one sentence for a person. */
export interface Refusal {
  readonly reason: string;
}

export type Reading = CanonicalEvent | Refusal;

/** Longest type name that is taken for one; anything longer is garbage that would end up in logs and metrics. */
const MAX_TYPE_LENGTH = 256;

/** The text if it is one and not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function typeOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TYPE_LENGTH ? value : undefined;
}

/** Event data as rules see it: always an object, so anything else is found under `value`. */
export function dataOf(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  return value === undefined || value === null ? {} : { value };
}
