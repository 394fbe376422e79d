import type { RawBatch } from '../../../src/contracts/batch.js';
import type { Rule } from '../../../src/rules/rule.js';
import { ACTIVITY, batchOf, CLIENT_ID } from '../../support/delivery-samples.js';

export const HOUR = 3_600_000;
export const START = Date.parse('2026-05-04T10:00:00Z');
const ALL = { all: [] };

export const RULE: Rule = {
  id: 'leads/new',
  version: '0123456789ab',
  description: 'Tells of every lead that is made.',
  mode: 'live',
  on: ['marketo.activity.newlead'],
  conditions: ALL,
  actions: [tell('{{ leadId }}')],
};

/** Tells of a lead who was made and then did nothing for an hour. */
export const SILENT: Rule = {
  ...RULE,
  id: 'leads/silent',
  unless: { on: ['marketo.activity.clicklink'], conditions: ALL, per: ['leadId'], withinMs: HOUR },
  actions: [tell('nothing of {{ leadId }}')],
};

/** Tells of all that were made within an hour. */
export const DIGEST: Rule = {
  ...RULE,
  id: 'leads/digest',
  group: { per: [], waitMs: HOUR, max: 1_000 },
  actions: [tell('{{ count }} leads')],
};

export function tell(body: string): Rule['actions'][number] {
  return { type: 'webhook', params: { to: 'crm', body }, guarantee: 'at-least-once' };
}

/** Leads that were made in this minute after `START`, in one delivery. */
export function newLeads(minute: number, ...leads: readonly number[]): RawBatch {
  return deliveryOf('newlead', 12, minute, leads);
}

export function clicks(minute: number, ...leads: readonly number[]): RawBatch {
  return deliveryOf('clicklink', 3, minute, leads);
}

export function deletions(minute: number, ...leads: readonly number[]): RawBatch {
  return deliveryOf('deletelead', 37, minute, leads);
}

/** The id of the event that a delivery of new leads brings of one. */
export function idOf(lead: number, minute = 0): string {
  return `123-ABC-456:newlead-${lead}-${minute}`;
}

/** In one batch, as single deliveries that come at about the same time share one. */
export function together(first: RawBatch, ...others: readonly RawBatch[]): RawBatch {
  return { ...first, bodies: [first, ...others].flatMap(({ bodies }) => bodies) };
}

function deliveryOf(
  kind: string,
  activityTypeId: number,
  minute: number,
  leads: readonly number[],
): RawBatch {
  const at = new Date(START + minute * 60_000).toISOString();
  const items = leads.map((lead) => ({
    ...ACTIVITY,
    type: `com.adobe.platform.marketo.activity.standard.${kind}`,
    id: `${kind}-${lead}-${minute}`,
    eventid: `io-${kind}-${lead}-${minute}`,
    data: {
      munchkinId: '123-ABC-456',
      leadId: String(lead),
      activityDate: at,
      activityTypeId,
      attributes: [],
    },
    recipientclientid: CLIENT_ID,
  }));
  return { ...batchOf('adobe', items), source: 'io', receivedAt: at };
}
