import { randomUUID } from 'node:crypto';
import { parseInstant } from '../../contracts/instant.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import type { DoorKind } from '../../contracts/batch.js';

/** Which door a body belongs to, told from what it looks like. */
export function kindOf(body: unknown): DoorKind {
  if (isJsonObject(body) && Array.isArray(body['activities'])) return 'marketo';
  const [first] = elementsOf(body);
  const type = first?.['type'];
  const isAdobe =
    isJsonObject(first?.['event']) || (typeof type === 'string' && type.startsWith('com.adobe.'));
  return isAdobe ? 'adobe' : 'events';
}

/** The same delivery, addressed to another client: Adobe names the recipient at the top or inside `event`. */
export function addressedTo(clientId: string, body: unknown): unknown {
  return eachElement(body, (item) => {
    const readdressed = withRecipient(item, clientId);
    const { event } = readdressed;
    return isJsonObject(event) ? { ...readdressed, event: withRecipient(event, clientId) } : readdressed;
  });
}

/**
 * The same delivery as if it happened now: new ids, and times so much later that the latest is the present, so that it is
 * no repeat of an earlier one and its events are as far apart as before.
 */
export function renewed(body: unknown, now: Date): unknown {
  const later = now.getTime() - latestTime(body);
  const renew = (item: JsonObject): JsonObject => renewMembers(item, later, now);
  if (isJsonObject(body) && Array.isArray(body['activities'])) {
    const activities = body['activities'].map(renew);
    return { ...body, messageId: randomUUID(), messageCreatedDate: now.toISOString(), activities };
  }
  return eachElement(body, (item) => {
    const { event } = item;
    const fresh = renew(item);
    if (!isJsonObject(event)) return fresh;
    const { body: inner } = event;
    return { ...fresh, event: isJsonObject(inner) ? { ...event, body: renew(inner) } : renew(event) };
  });
}

/** Epoch milliseconds of the latest time in a delivery; minus infinity when it has none that can be read. */
function latestTime(value: unknown): number {
  if (Array.isArray(value)) return Math.max(-Infinity, ...value.map(latestTime));
  if (!isJsonObject(value)) return -Infinity;
  const own = TIMES.map((name) => value[name]).flatMap((time) =>
    typeof time === 'string' ? (parseInstant(time) ?? []) : [],
  );
  const inner = [value['activities'], value['event'], value['body'], value['data']].map(latestTime);
  return Math.max(...own, ...inner);
}

const RECIPIENTS = ['recipientclientid', 'recipient_client_id'];
const IDS = ['eventid', 'event_id', 'id', 'marketoGUID'];
const TIMES = ['time', 'activityDate'];

function withRecipient(item: JsonObject, clientId: string): JsonObject {
  return replaced(item, RECIPIENTS, () => clientId);
}

function renewMembers(item: JsonObject, later: number, now: Date): JsonObject {
  const moved = (time: unknown): string => {
    const at = typeof time === 'string' ? parseInstant(time) : undefined;
    return (at === undefined ? now : new Date(at + later)).toISOString();
  };
  const fresh = replaced(
    replaced(item, IDS, () => randomUUID()),
    TIMES,
    moved,
  );
  return isJsonObject(item['data']) ? { ...fresh, data: replaced(item['data'], TIMES, moved) } : fresh;
}

/** Only members that are there: a sample keeps its shape. */
function replaced(
  item: JsonObject,
  names: readonly string[],
  value: (before: unknown) => string,
): JsonObject {
  const present = names.filter((name) => Object.hasOwn(item, name));
  return { ...item, ...Object.fromEntries(present.map((name) => [name, value(item[name])])) };
}

function elementsOf(body: unknown): readonly JsonObject[] {
  return (Array.isArray(body) ? body : [body]).filter(isJsonObject);
}

function eachElement(body: unknown, change: (item: JsonObject) => JsonObject): unknown {
  if (Array.isArray(body)) return body.map((item: unknown) => (isJsonObject(item) ? change(item) : item));
  return isJsonObject(body) ? change(body) : body;
}
