import { STATUS_CODES } from 'node:http';
import { type Failure, permanent, retryAt, transient } from '../../contracts/failure.js';
import { retryAfterMs } from '../../contracts/retry-after.js';
import type { Answer } from './adobe-http.js';

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000;

/** What a status that is no success means. `now` is epoch milliseconds. */
export function failureOfStatus(service: string, { status, headers }: Answer, now: number): Failure {
  const code = `adobe.${status}`;
  const message = `${service} answered ${`${status} ${STATUS_CODES[status] ?? ''}`.trim()}.`;
  const wait = retryAfterMs(headers['retry-after'], now);
  if (status !== 429 && status !== 408 && status < 500)
    return permanent(code, `${message} ${hintOf(status)}`);
  if (wait === undefined) return transient(code, message);
  return retryAt(code, message, now + Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS));
}

function hintOf(status: number): string {
  if (status === 401 || status === 403)
    return 'Check client id, organisation and scope, and that the project has the I/O Management API.';
  if (status === 404) return 'Check the URL in the connections file.';
  return 'Check the connections file.';
}
