import type { Receipt } from '../../contracts/effect.js';
import { Failure, transient } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';
import { failureOfMarketoError, firstError } from '../../marketo/marketo-failure.js';

/** Reasons for skipping a record that say: it is so already (not in the list, in or past the status). */
const ALREADY_SO = new Set(['1015', '1037']);

/**
 * The receipt of a call about one record. A record that Marketo skipped is a `Failure` that names the reason, unless
 * the reason says that what was asked for is the case already; `alsoFine` adds codes for which that holds in this
 * call. `now` is epoch milliseconds.
 */
export function rowReceipt(
  what: string,
  rows: readonly JsonObject[],
  now: number,
  alsoFine: readonly string[] = [],
): Receipt {
  const [row] = rows;
  if (row === undefined) {
    throw transient('marketo.no_result', `Marketo said nothing about ${what}`, { outcomeUnknown: true });
  }
  const status = typeof row['status'] === 'string' ? row['status'] : 'done';
  if (status !== 'skipped') return { summary: `${what}: ${status}${idOf(row)}` };
  const reason = firstError(row['reasons']) ??
    firstError(row['errors']) ?? { code: 'skipped', message: 'no reason given' };
  const text = `${what}: skipped, ${reason.code} ${reason.message}`;
  if (ALREADY_SO.has(reason.code) || alsoFine.includes(reason.code)) return { summary: text };
  const { code, retry, outcomeUnknown } = failureOfMarketoError(reason, now);
  throw new Failure(text, { code, retry, outcomeUnknown });
}

function idOf(row: JsonObject): string {
  return typeof row['id'] === 'number' ? ` (${row['id']})` : '';
}
