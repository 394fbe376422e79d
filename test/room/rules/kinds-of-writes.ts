import type { JsonObject } from '../../../src/contracts/json.js';
import type { Told } from './echoes.js';

/** An activity, without what is another each time. */
export type Kind = Omit<Told, 'lead' | 'at' | 'guid'>;

/** What an activity says that came over the API. */
export const API = { Source: 'Web service API', Reason: 'Web service API' };

export const added = (list: number, more: Partial<Kind> = {}): Kind => ({
  ...{ activityType: 'Add To List', activityTypeId: 24 },
  members: { primaryAttributeValueId: list, primaryAttributeValue: 'A list' },
  ...more,
});

/** Each kind of write, and what Marketo tells of it. */
export const KINDS: readonly {
  readonly type: string;
  readonly on: string;
  readonly params: JsonObject;
  readonly told: Kind;
  readonly plan?: JsonObject;
}[] = [
  {
    type: 'marketo.addToList',
    on: 'addtolist',
    params: { list: 1001, lead: '{{ leadId }}' },
    told: added(1001),
  },
  {
    type: 'marketo.removeFromList',
    on: 'removefromlist',
    params: { list: '1001', lead: '{{ leadId }}' },
    told: { ...added(1001), activityType: 'Remove from List', activityTypeId: 25 },
  },
  {
    type: 'marketo.syncLead',
    on: 'changedatavalue',
    params: { lookupField: 'id', fields: { id: '{{ leadId }}', isCustomer: true } },
    told: {
      ...{ activityType: 'Change Data Value', activityTypeId: 13 },
      members: { primaryAttributeValueId: 9, primaryAttributeValue: 'Is Customer' },
      attributes: { 'Attribute Name': 'Is Customer', 'New Value': 'True', 'Old Value': 'False', ...API },
    },
  },
  {
    type: 'marketo.changeScore',
    on: 'changescore',
    params: { lead: '{{ leadId }}', field: 'leadScore', change: 5 },
    told: {
      ...{ activityType: 'Change Score', activityTypeId: 22 },
      members: { primaryAttributeValueId: 8, primaryAttributeValue: 'Lead Score' },
      attributes: { 'Score Name': 'Lead Score', 'Change Value': '+5', 'New Value': 25, 'Old Value': 20 },
    },
    plan: { from: 20, to: 25 },
  },
  {
    type: 'marketo.changeScore',
    on: 'changedatavalue',
    params: { lead: '{{ leadId }}', field: 'leadScore', change: 5 },
    told: {
      ...{ activityType: 'Change Data Value', activityTypeId: 13 },
      attributes: { 'Attribute Name': 'leadScore', 'New Value': '25', 'Old Value': '20' },
    },
    plan: { from: 20, to: 25 },
  },
  {
    type: 'marketo.changeProgramStatus',
    on: 'changestatusinprogression',
    params: { program: 77, lead: '{{ leadId }}', status: 'Attended' },
    told: {
      ...{ activityType: 'Change Status In Progression', activityTypeId: 104 },
      members: { primaryAttributeValueId: 77, primaryAttributeValue: 'A webinar', programId: 77 },
      attributes: { 'New Status': 'Attended', 'New Status ID': 3 },
    },
  },
  {
    type: 'marketo.requestCampaign',
    on: 'requestcampaign',
    params: { campaign: 300, lead: '{{ leadId }}' },
    told: {
      ...{ activityType: 'Request Campaign', activityTypeId: 47 },
      members: { primaryAttributeValueId: 300, primaryAttributeValue: 'Nurture', campaignId: 300 },
    },
  },
  {
    type: 'marketo.pushLead',
    on: 'pushleadtomarketo',
    params: { program: 'Launch', lookupField: 'id', fields: { id: '{{ leadId }}' } },
    told: { activityType: 'Push Lead to Marketo', activityTypeId: 145, attributes: API },
  },
  {
    type: 'marketo.addCustomActivity',
    on: 'custom',
    params: { lead: '{{ leadId }}', activityType: 100_001, primaryValue: 'Cinema' },
    told: {
      ...{ activityType: 'Saw A Film', activityTypeId: 100_001 },
      members: { primaryAttributeValue: 'Cinema' },
    },
  },
];
