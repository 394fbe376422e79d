import type { HttpRequest } from '../http/http-answer.js';

/** What Marketo says no with: a code of its catalogue, or a bare HTTP status (`http`). */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly http?: number;
  /** True when the request itself breaks the contract, which no sender of ours may do. */
  readonly violation?: boolean;
}

/** What an operation that succeeded answers. */
export interface Result {
  readonly result: readonly object[];
  readonly nextPageToken?: string;
}

/** A request that broke the contract, for tests and people to see. */
export interface Violation extends Refusal {
  readonly request: HttpRequest;
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}

export function violation(code: string, message: string, http?: number): Refusal {
  return { code, message, violation: true, ...(http === undefined ? {} : { http }) };
}
