import type { RawBatch, Route, SourceKind } from '../../src/contracts/batch.js';
import type {
  AdobeSource,
  EventsSource,
  MarketoPushSource,
  WebhookSource,
} from '../../src/contracts/connections.js';

/** Deliveries of every shape that Adobe documents, with values of our own. */
export const CLIENT_ID = 'our-client-id';
export const RECEIVED = '2026-05-04T10:00:05.000Z';

export const ADOBE: AdobeSource = {
  kind: 'adobe',
  clientId: CLIENT_ID,
  keyOrigin: 'https://keys.acme.example',
  validationOrigin: 'https://validate.acme.example',
};
export const PUSH: MarketoPushSource = { kind: 'marketo', token: 't' };
export const EVENTS: EventsSource = { kind: 'events', apiKey: 'k' };
export const WEBHOOK: WebhookSource = { kind: 'webhook', insecure: true, event: { type: 'com.acme.shop' } };

/** A stored batch of these bodies: text as it is, anything else as JSON. */
export function batchOf(kind: SourceKind, ...bodies: unknown[]): RawBatch {
  const bytes = bodies.map((body) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
  return { source: 'a-source', kind, route: 'webhook', mode: 'live', receivedAt: RECEIVED, bodies: bytes };
}

/** The same, come by another route. */
export function batchBy(route: Route, kind: SourceKind, ...bodies: unknown[]): RawBatch {
  return { ...batchOf(kind, ...bodies), route };
}

/** A page of Adobe's journal with these in it. */
export function journalPage(...events: unknown[]): object {
  const entries = events.map((event, index) => ({ position: `moose:${index}:of-a-page`, event }));
  return { events: entries, _page: { last: entries.at(-1)?.position ?? '', count: entries.length } };
}

export const GUID = '11111111-2222-4333-8444-555555555555';
const ATTRIBUTES = [
  { name: 'Link ID', dataType: 'object', value: 44 },
  { name: 'Client IP Address', dataType: 'string', value: '203.0.113.9' },
];
const CLICK = {
  activityDate: '2026-05-04T09:59:58Z',
  activityTypeId: 3,
  activityType: 'Click Link',
  activityLogItemId: 700001,
  primaryAttributeValueId: 44,
  primaryAttributeValue: 'Spring offer',
  attributes: ATTRIBUTES,
};

/** A lead activity through Adobe I/O: flat. */
export const ACTIVITY = {
  eventid: 'io-event-1',
  specversion: '1.0',
  type: 'com.adobe.platform.marketo.activity.standard.clicklink',
  source: 'urn:marketo_activity_stream',
  id: GUID,
  time: '2026-05-04T10:00:00Z',
  datacontenttype: 'application/json',
  data: { munchkinId: '123-ABC-456', leadId: '5001', ...CLICK },
  recipientclientid: CLIENT_ID,
};

/** The same activity through the direct push. */
export const PUSHED = {
  sourceApplication: 'Marketo',
  munchkinId: '123-ABC-456',
  messageId: '88',
  messageCreatedDate: '2026-05-04T10:00:00Z',
  activities: [{ marketoGUID: GUID, leadId: 5001, ...CLICK }],
};

const AUDIT_BODY = {
  specversion: '1.0',
  type: 'com.adobe.platform.marketo.audit.user.email',
  source: 'urn:mlm',
  time: '2026-05-04 09:20:42.755',
  datacontenttype: 'application/json',
  dataschema: 'V2.0',
  data: {
    componentId: 9001,
    componentType: 'Email',
    eventAction: 'approve',
    munchkinId: '123-ABC-456',
    imsOrgId: 'org@AdobeOrg',
    userId: 'pat@acme.example',
  },
};

/** User audit, single: the recipient is inside `event`. */
export const AUDIT = { eventid: 'io-audit-1', event: { body: AUDIT_BODY, recipientclientid: CLIENT_ID } };

/** User audit in its first version, with the old spellings and a recipient added. */
export const AUDIT_V1 = {
  event_id: 'io-audit-2',
  event: {
    ...AUDIT_BODY,
    id: 'inner-id',
    source: 'https://www.marketo.com',
    time: '2020-05-28T19:20:47.28Z',
    dataschema: 'V1.0',
    data: { ...AUDIT_BODY.data, user: 253 },
  },
  recipient_client_id: CLIENT_ID,
};

/** Notification: an object in `eventAction`, the recipient at the top. */
export const NOTIFICATION = {
  eventid: 'io-notice-1',
  event: {
    body: {
      specversion: '1.0',
      source: 'urn:mlm',
      time: '2021-05-27T10:22:37.489-5:00',
      type: 'com.adobe.platform.marketo.notification.web_services',
      dataschema: 'V1.0',
      datacontenttype: 'application/json',
      data: {
        munchkinId: '123-ABC-456',
        imsOrgId: 'org@AdobeOrg',
        componentType: 'web_services',
        subType: 'dailyQuota',
        eventAction: { dailyQuota: 50_000, percent: 75, serviceNames: ['crm-sync'] },
      },
    },
  },
  recipientclientid: CLIENT_ID,
};

/** Observability: flat, with an id of its own. */
export const OBSERVABILITY = {
  id: 'obs-1',
  specversion: '1.0',
  type: 'com.adobe.platform.marketo.observability.status',
  source: 'urn:data_ingestion_service',
  time: '2026-05-04T09:00:00Z',
  datacontenttype: 'application/json',
  data: { munchkinId: '123-ABC-456', quota: 65_000, queue: { high: { lagSeconds: 15 } } },
  eventid: 'io-obs-1',
  recipientclientid: CLIENT_ID,
};

export const CLOUD_EVENT = {
  specversion: '1.0',
  id: 'e-1',
  source: '/crm/accounts',
  type: 'com.acme.crm.account.updated',
  subject: 'account/9',
  time: '2026-05-04T09:00:00.250Z',
  data: { name: 'Acme', tier: 2 },
};
