import { randomUUID } from 'node:crypto';
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

/** The same delivery as if it happened now: new ids and the present time, so that it is no repeat of an earlier one. */
export function renewed(body: unknown, now: Date): unknown {
  const time = now.toISOString();
  if (isJsonObject(body) && Array.isArray(body['activities'])) {
    const activities = body['activities'].map((activity: JsonObject) => renewMembers(activity, time));
    return { ...body, messageId: randomUUID(), messageCreatedDate: time, activities };
  }
  return eachElement(body, (item) => {
    const { event } = item;
    const fresh = renewMembers(item, time);
    if (!isJsonObject(event)) return fresh;
    const { body: inner } = event;
    const renewedEvent = isJsonObject(inner)
      ? { ...event, body: renewMembers(inner, time) }
      : renewMembers(event, time);
    return { ...fresh, event: renewedEvent };
  });
}

const RECIPIENTS = ['recipientclientid', 'recipient_client_id'];
const IDS = ['eventid', 'event_id', 'id', 'marketoGUID'];
const TIMES = ['time', 'activityDate'];

function withRecipient(item: JsonObject, clientId: string): JsonObject {
  return replaced(item, RECIPIENTS, () => clientId);
}

function renewMembers(item: JsonObject, time: string): JsonObject {
  const fresh = replaced(replaced(item, IDS, randomUUID), TIMES, () => time);
  return isJsonObject(item['data']) ? { ...fresh, data: replaced(item['data'], TIMES, () => time) } : fresh;
}

/** Only members that are there: a sample keeps its shape. */
function replaced(item: JsonObject, names: readonly string[], value: () => string): JsonObject {
  const present = names.filter((name) => Object.hasOwn(item, name));
  return { ...item, ...Object.fromEntries(present.map((name) => [name, value()])) };
}

function elementsOf(body: unknown): readonly JsonObject[] {
  return (Array.isArray(body) ? body : [body]).filter(isJsonObject);
}

function eachElement(body: unknown, change: (item: JsonObject) => JsonObject): unknown {
  if (Array.isArray(body)) return body.map((item: unknown) => (isJsonObject(item) ? change(item) : item));
  return isJsonObject(body) ? change(body) : body;
}
