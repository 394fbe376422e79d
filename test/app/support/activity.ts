import type { JsonObject } from '../../../src/contracts/json.js';

/** A new lead as Adobe I/O delivers it; the lead's number makes it an event of its own. */
export function newLead(lead: number, clientId: string): JsonObject {
  const data = {
    munchkinId: '123-ABC-456',
    leadId: String(lead),
    activityDate: '2026-05-04T10:00:00Z',
    activityTypeId: 12,
    activityType: 'New Lead',
    attributes: [],
  };
  return {
    eventid: `io-${lead}`,
    specversion: '1.0',
    type: 'com.adobe.platform.marketo.activity.standard.newlead',
    source: 'urn:marketo_activity_stream',
    id: `activity-${lead}`,
    time: '2026-05-04T10:00:00Z',
    datacontenttype: 'application/json',
    data,
    recipientclientid: clientId,
  };
}
