import { GET_LEAD, GET_LEADS, listOperation, PUSH_LEADS, SYNC_LEADS } from './contract-leads.js';
import { inQuery, type Method, type Operation, TEXT } from './contract-parts.js';
import {
  ADD_ACTIVITIES,
  SCHEDULE_CAMPAIGN,
  SYNC_MEMBER_STATUS,
  TRIGGER_CAMPAIGN,
} from './contract-programs.js';

const IDENTITY: Operation = {
  operationId: 'identity',
  parameters: [
    inQuery('grant_type', { enum: ['client_credentials'] }, true),
    inQuery('client_id', TEXT, true),
    inQuery('client_secret', TEXT, true),
  ],
};

/**
 * The operations of Adobe's Marketo REST description that are used here, as data in the shape of OpenAPI: what a
 * request may hold. Where the description and the real service differ, the service counts: arrays in a query may be
 * repeated or joined by commas, and the ids of a list operation may come in the query or in the body.
 */
export const MARKETO_CONTRACT: Readonly<Record<string, Partial<Record<Method, Operation>>>> = {
  '/identity/oauth/token': { GET: IDENTITY, POST: IDENTITY },
  '/rest/v1/lists/{listId}/leads.json': {
    POST: listOperation('addLeadsToList'),
    DELETE: listOperation('removeLeadsFromList'),
  },
  '/rest/v1/lists/{listId}/leads/ismember.json': { GET: listOperation('areLeadsMemberOfList') },
  '/rest/v1/leads.json': { GET: GET_LEADS, POST: SYNC_LEADS },
  '/rest/v1/leads/push.json': { POST: PUSH_LEADS },
  '/rest/v1/leads/describe.json': { GET: { operationId: 'describeLead', parameters: [] } },
  '/rest/v1/lead/{leadId}.json': { GET: GET_LEAD },
  '/rest/v1/campaigns/{campaignId}/trigger.json': { POST: TRIGGER_CAMPAIGN },
  '/rest/v1/campaigns/{campaignId}/schedule.json': { POST: SCHEDULE_CAMPAIGN },
  '/rest/v1/programs/{programId}/members/status.json': { POST: SYNC_MEMBER_STATUS },
  '/rest/v1/activities/external.json': { POST: ADD_ACTIVITIES },
  '/rest/v1/stats/usage.json': { GET: { operationId: 'getDailyUsage', parameters: [] } },
};
