import { isJsonObject, type JsonObject } from '../contracts/json.js';
import { listOf } from './activity-row.js';
import { readJson } from './json-text.js';
import type { Piece, Said } from './row.js';

/** A line that says what it is but not of which Marketo instance. */
export const NEEDS_MUNCHKIN_ID =
  'It does not say of which Marketo instance it is: give --munchkin-id, such as 123-ABC-456.';

/** Reads one line of NDJSON in any shape that a door takes, or as Marketo's REST API lists activities. */
export function piecesOfLine(text: string, munchkinId: string | undefined): Said {
  const read = readJson(text);
  if ('reason' in read) return read;
  const { value } = read;
  if (!isJsonObject(value)) return { reason: 'It is not a JSON object: one event a line is expected.' };
  if (Array.isArray(value['activities'])) return pushed(value['activities'], value, munchkinId);
  if (value['marketoGUID'] !== undefined && value['activityTypeId'] !== undefined)
    return activity(value, munchkinId);
  return one(value);
}

/** A whole message of the direct push: its activities. */
function pushed(list: readonly unknown[], message: JsonObject, munchkinId: string | undefined): Said {
  const instance = typeof message['munchkinId'] === 'string' ? message['munchkinId'] : munchkinId;
  const pieces: Piece[] = [];
  for (const element of list) {
    if (!isJsonObject(element)) return { reason: 'One of its activities is not a JSON object.' };
    const said = activity(element, instance);
    if ('reason' in said) return said;
    pieces.push(...said.pieces);
  }
  return { pieces };
}

/** `id` is a number that REST gives beside the GUID, and nothing else knows it. */
function activity({ id: _id, ...members }: JsonObject, munchkinId: string | undefined): Said {
  const instance = typeof members['munchkinId'] === 'string' ? members['munchkinId'] : munchkinId;
  if (instance === undefined) return { reason: NEEDS_MUNCHKIN_ID };
  const { leadId, attributes } = members;
  const value = {
    ...members,
    munchkinId: instance,
    ...(typeof leadId === 'number' ? { leadId: String(leadId) } : undefined),
    ...(isJsonObject(attributes) ? { attributes: listOf(attributes) } : undefined),
  };
  return { pieces: [{ shape: 'activity', value }] };
}

function one(value: JsonObject): Said {
  const { event, position, type } = value;
  if (isJsonObject(event)) {
    // Adobe's journal gives each event a position.
    if (typeof position === 'string') return one(event);
    return { pieces: [{ shape: 'adobe', value }] };
  }
  if (typeof type !== 'string') return { reason: 'It is no event in a shape that Signalman knows.' };
  return { pieces: [{ shape: type.startsWith('com.adobe.') ? 'adobe' : 'event', value }] };
}
