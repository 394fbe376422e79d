import type { Receipt } from '../../contracts/effect.js';
import { Failure, transient } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';
import type { ToldRow } from '../../marketo/coalescer.js';
import { failureOfMarketoError, firstError } from '../../marketo/marketo-failure.js';

/** Reasons for skipping a record that say: it is so already (not in the list, in or past the status). */
const ALREADY_SO = new Set(['1015', '1037']);

/**
 * The receipt for one record. A record that Marketo skipped is a `Failure` that names the reason, unless the reason says
 * that what was asked for is the case already; `alsoFine` adds codes for which that holds in this call. `now` is epoch
 * milliseconds.
 */
export function rowReceipt(
  what: string,
  row: ToldRow,
  now: number,
  alsoFine: readonly string[] = [],
): Receipt {
  if (row === undefined) {
    throw transient('marketo.no_result', `Marketo said nothing about ${what}`, { outcomeUnknown: true });
  }
  const { status } = row;
  // Not every call tells a status, and a row that failed may tell only why.
  const refusal = firstError(row['reasons']) ?? firstError(row['errors']);
  if (status !== 'skipped' && refusal === undefined) {
    const said = typeof status === 'string' ? status : 'done';
    return { summary: `${what}: ${said}${idOf(row)}`, ...dataOf(row) };
  }
  const reason = refusal ?? { code: 'skipped', message: 'no reason given' };
  const text = `${what}: skipped, ${reason.code} ${reason.message}`;
  if (ALREADY_SO.has(reason.code) || alsoFine.includes(reason.code)) return { summary: text, already: true };
  const { code, retry, outcomeUnknown, tries } = failureOfMarketoError(reason, now);
  throw new Failure(text, { code, retry, outcomeUnknown, ...(tries === undefined ? {} : { tries }) });
}

function idOf({ id }: JsonObject): string {
  return typeof id === 'number' ? ` (${id})` : '';
}

function dataOf({ id }: JsonObject): Pick<Receipt, 'data'> {
  return typeof id === 'number' ? { data: { id } } : {};
}
