/**
 * The operations of Adobe's Marketo REST description that are used here, as data in the shape of OpenAPI: what a
 * request may hold. Where the description and the real service differ, the service counts: arrays in a query may be
 * repeated or joined by commas, and the ids of a list operation may come in the query or in the body.
 */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: object;
}

export interface Operation {
  readonly operationId: OperationId;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly schema: object };
}

export type OperationId =
  | 'identity'
  | 'addLeadsToList'
  | 'removeLeadsFromList'
  | 'areLeadsMemberOfList'
  | 'syncLeads'
  | 'getLeadsByFilter'
  | 'getLeadById'
  | 'describeLead'
  | 'triggerCampaign'
  | 'getDailyUsage';

export type Method = 'GET' | 'POST' | 'DELETE';

/** Bytes of a body and of a URI, from Adobe's documentation. */
export const MAX_BODY = 1_048_576;
export const MAX_URI = 8_192;

const ID = { type: 'integer', minimum: 1 };
const TEXT = { type: 'string', minLength: 1 };
const TEXTS = { type: 'array', items: TEXT, minItems: 1 };

function inPath(name: string): Parameter {
  return { name, in: 'path', required: true, schema: ID };
}

function inQuery(name: string, schema: object, required = false): Parameter {
  return { name, in: 'query', required, schema };
}

function closedObject(properties: Record<string, object>, required: readonly string[]): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

const IDS_IN_QUERY = inQuery('id', { type: 'array', items: ID, maxItems: 300 });
const IDS_IN_BODY = {
  required: false,
  schema: closedObject({ input: { type: 'array', items: closedObject({ id: ID }, ['id']), maxItems: 300 } }, [
    'input',
  ]),
};

const IDENTITY: Operation = {
  operationId: 'identity',
  parameters: [
    inQuery('grant_type', { enum: ['client_credentials'] }, true),
    inQuery('client_id', TEXT, true),
    inQuery('client_secret', TEXT, true),
  ],
};

function listOperation(operationId: OperationId): Operation {
  return { operationId, parameters: [inPath('listId'), IDS_IN_QUERY], requestBody: IDS_IN_BODY };
}

const SYNC_LEADS: Operation = {
  operationId: 'syncLeads',
  parameters: [],
  requestBody: {
    required: true,
    schema: closedObject(
      {
        action: { enum: ['createOrUpdate', 'createOnly', 'updateOnly', 'createDuplicate'] },
        lookupField: TEXT,
        partitionName: TEXT,
        asyncProcessing: { type: 'boolean' },
        input: {
          type: 'array',
          minItems: 1,
          maxItems: 300,
          items: {
            type: 'object',
            properties: { id: ID },
            additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
          },
        },
      },
      ['input'],
    ),
  },
};

const GET_LEADS: Operation = {
  operationId: 'getLeadsByFilter',
  parameters: [
    inQuery('filterType', TEXT, true),
    inQuery('filterValues', { ...TEXTS, maxItems: 300 }, true),
    inQuery('fields', TEXTS),
    inQuery('batchSize', { type: 'integer', minimum: 1, maximum: 300 }),
    inQuery('nextPageToken', TEXT),
  ],
};

const TRIGGER_CAMPAIGN: Operation = {
  operationId: 'triggerCampaign',
  parameters: [inPath('campaignId')],
  requestBody: {
    required: true,
    schema: closedObject(
      {
        input: closedObject(
          {
            leads: { type: 'array', items: closedObject({ id: ID }, ['id']), minItems: 1, maxItems: 100 },
            tokens: {
              type: 'array',
              maxItems: 100,
              items: closedObject(
                { name: { type: 'string', pattern: '^\\{\\{my\\..+\\}\\}$' }, value: { type: 'string' } },
                ['name', 'value'],
              ),
            },
          },
          ['leads'],
        ),
      },
      ['input'],
    ),
  },
};

export const MARKETO_CONTRACT: Readonly<Record<string, Partial<Record<Method, Operation>>>> = {
  '/identity/oauth/token': { GET: IDENTITY, POST: IDENTITY },
  '/rest/v1/lists/{listId}/leads.json': {
    POST: listOperation('addLeadsToList'),
    DELETE: listOperation('removeLeadsFromList'),
  },
  '/rest/v1/lists/{listId}/leads/ismember.json': { GET: listOperation('areLeadsMemberOfList') },
  '/rest/v1/leads.json': { GET: GET_LEADS, POST: SYNC_LEADS },
  '/rest/v1/leads/describe.json': { GET: { operationId: 'describeLead', parameters: [] } },
  '/rest/v1/lead/{leadId}.json': {
    GET: { operationId: 'getLeadById', parameters: [inPath('leadId'), inQuery('fields', TEXTS)] },
  },
  '/rest/v1/campaigns/{campaignId}/trigger.json': { POST: TRIGGER_CAMPAIGN },
  '/rest/v1/stats/usage.json': { GET: { operationId: 'getDailyUsage', parameters: [] } },
};
