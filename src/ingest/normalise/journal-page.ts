import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { textOf } from './reading.js';

/** The entries of a page of Adobe's journal, if `body` is one. */
export function journalEntries(body: unknown): unknown[] | undefined {
  return isJsonObject(body) && Array.isArray(body['events']) ? (body['events'] as unknown[]) : undefined;
}

/**
 * The delivery item in an entry `{ position, event }`, as the webhook would have brought it. Adobe's documentation does
 * not say what `event` holds for events that the webhook wraps in an `event` of their own: it may be the whole item,
 * or only what stands inside the wrapping, and then the entry is the wrapping.
 */
export function itemIn(entry: unknown): unknown {
  if (!isJsonObject(entry)) return entry;
  const { event } = entry;
  if (!isJsonObject(event)) return event;
  const isWhole = isJsonObject(event['event']) || (textOf(event['type']) !== undefined && !hasId(entry));
  return isWhole ? event : withoutPosition(entry);
}

function withoutPosition(entry: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'position'));
}

function hasId(item: JsonObject): boolean {
  return textOf(item['eventid']) !== undefined || textOf(item['event_id']) !== undefined;
}
