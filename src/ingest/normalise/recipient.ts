import type { Route } from '../../contracts/batch.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';

/**
 * Whether an Adobe I/O item was meant for the credential `clientId`. Returns undefined if it was, else the reason.
 *
 * Adobe signs every customer's deliveries with the same keys, so anybody with a registration of their own can have
 * validly signed deliveries sent to our URL; only the recipient tells them apart. It stands beside or inside `event`,
 * in an old and a new spelling, and a sender chooses part of what is inside `event`: so every place that names a
 * recipient has to name us. An item without one (samples from before 2024 show such) that was pushed to us is refused,
 * because nothing else in it could not be written by the sender. What we pulled with our own credential, or read from
 * a file of ours, is ours unless it says otherwise.
 */
export function notOurs(item: JsonObject, clientId: string, route: Route): string | undefined {
  const event = item['event'];
  const inner = isJsonObject(event) ? event : undefined;
  let named = false;
  for (const found of [
    item['recipientclientid'],
    item['recipient_client_id'],
    inner?.['recipientclientid'],
    inner?.['recipient_client_id'],
  ]) {
    if (found === undefined) continue;
    if (found !== clientId)
      return `It names another recipient (${preview(found)}) than this source's client id.`;
    named = true;
  }
  return named || route !== 'webhook'
    ? undefined
    : 'It names no recipient, so nothing tells that it was meant for this source.';
}

function preview(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 64)) : `a ${typeof value}`;
}
