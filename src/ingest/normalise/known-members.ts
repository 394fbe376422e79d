import type { JsonObject } from '../../contracts/json.js';

/** Members that Adobe's documentation and samples show, by where they stand. */
const IO_ITEM: ReadonlySet<string> = new Set([
  'eventid',
  'event_id',
  'recipientclientid',
  'recipient_client_id',
]);

export const IO_ENVELOPE: ReadonlySet<string> = new Set([...IO_ITEM, 'event']);

export const CLOUD_EVENT: ReadonlySet<string> = new Set([
  ...IO_ITEM,
  'specversion',
  'type',
  'source',
  'id',
  'time',
  'subject',
  'datacontenttype',
  'dataschema',
  'data',
]);

export const LEGACY_BATCH: ReadonlySet<string> = new Set([
  'sourceApplication',
  'munchkinId',
  'messageId',
  'messageCreatedDate',
  'activities',
]);

export const ACTIVITY: ReadonlySet<string> = new Set([
  'marketoGUID',
  'munchkinId',
  'leadId',
  'activityDate',
  'activityTypeId',
  'activityType',
  'activityLogItemId',
  'primaryAttributeValueId',
  'primaryAttributeValue',
  'programId',
  'programName',
  'campaignId',
  'campaignName',
  'attributes',
  'lead',
]);

export const AUDIT: ReadonlySet<string> = new Set([
  'componentId',
  'componentType',
  'eventAction',
  'munchkinId',
  'imsOrgId',
  'user',
  'userId',
]);

export const NOTIFICATION: ReadonlySet<string> = new Set([
  'munchkinId',
  'imsOrgId',
  'componentType',
  'subType',
  'eventAction',
]);

export function onlyKnown(object: JsonObject, known: ReadonlySet<string>): boolean {
  for (const member in object) if (!known.has(member)) return false;
  return true;
}
