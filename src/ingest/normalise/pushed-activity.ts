import { activityTypeName } from '../../catalogue/activity-types.js';
import { isKnownEventType } from '../../catalogue/event-types.js';
import type { RawBatch } from '../../contracts/batch.js';
import type { MarketoPushSource } from '../../contracts/connections.js';
import type { Oddity } from '../../contracts/event.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { instanceNotAllowed } from './binding.js';
import { LEGACY_BATCH, onlyKnown } from './known-members.js';
import { leadActivity } from './lead-activity.js';
import { type Reading, textOf } from './reading.js';

/** The `source` that Adobe I/O gives to the same activities. */
const ACTIVITY_STREAM = 'urn:marketo_activity_stream';

/** The message around the activities of Marketo's direct push, if `body` is one. */
export function pushMessage(
  body: unknown,
): { readonly message: JsonObject; readonly activities: unknown[] } | undefined {
  if (!isJsonObject(body) || !Array.isArray(body['activities'])) return undefined;
  return { message: body, activities: body['activities'] as unknown[] };
}

/** Reads one activity of a direct push into the event that Adobe I/O would have brought. */
export function readPushedActivity(
  activity: unknown,
  message: JsonObject,
  batch: RawBatch,
  source: MarketoPushSource,
): Reading {
  if (!isJsonObject(activity)) return { reason: 'It is not a JSON object.' };
  const type = activityTypeName(activity['activityTypeId'], activity['activityType']);
  if (type === undefined) return { reason: 'It has neither a known activityTypeId nor an activityType.' };
  const oddities: Oddity[] = [];
  if (!isKnownEventType(type)) oddities.push('unknown-type');
  if (!onlyKnown(message, LEGACY_BATCH)) oddities.push('unknown-member');
  const munchkinId = textOf(message['munchkinId']) ?? textOf(activity['munchkinId']);
  const notAllowed = instanceNotAllowed(munchkinId, 'lead-activity', source, batch.source);
  if (notAllowed !== undefined) return { reason: notAllowed };
  const { marketoGUID, ...rest } = activity;
  return leadActivity({
    type,
    source: ACTIVITY_STREAM,
    munchkinId,
    guid: textOf(marketoGUID),
    messageTime: message['messageCreatedDate'],
    data: munchkinId === undefined ? rest : { munchkinId, ...rest },
    element: activity,
    receipt: batch,
    oddities,
  });
}
