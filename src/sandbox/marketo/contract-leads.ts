import {
  closedObject,
  ID,
  inPath,
  inQuery,
  listOf,
  type Operation,
  type OperationId,
  TEXT,
  TEXTS,
} from './contract-parts.js';

const IDS_IN_QUERY = inQuery('id', { type: 'array', items: ID, maxItems: 300 });
const IDS_IN_BODY = {
  required: false,
  schema: closedObject({ input: { type: 'array', items: closedObject({ id: ID }, ['id']), maxItems: 300 } }, [
    'input',
  ]),
};

/** Fields by their names in the REST API. */
const LEADS = listOf(
  {
    type: 'object',
    properties: { id: ID },
    additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
  },
  300,
);

export function listOperation(operationId: OperationId): Operation {
  return { operationId, parameters: [inPath('listId'), IDS_IN_QUERY], requestBody: IDS_IN_BODY };
}

export const SYNC_LEADS: Operation = {
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
        input: LEADS,
      },
      ['input'],
    ),
  },
};

export const PUSH_LEADS: Operation = {
  operationId: 'pushToMarketo',
  parameters: [],
  requestBody: {
    required: true,
    schema: closedObject(
      {
        programName: TEXT,
        programStatus: TEXT,
        source: TEXT,
        reason: TEXT,
        lookupField: TEXT,
        partitionName: TEXT,
        input: LEADS,
      },
      ['programName', 'input'],
    ),
  },
};

export const GET_LEADS: Operation = {
  operationId: 'getLeadsByFilter',
  parameters: [
    inQuery('filterType', TEXT, true),
    inQuery('filterValues', { ...TEXTS, maxItems: 300 }, true),
    inQuery('fields', TEXTS),
    inQuery('batchSize', { type: 'integer', minimum: 1, maximum: 300 }),
    inQuery('nextPageToken', TEXT),
  ],
};

export const GET_LEAD: Operation = {
  operationId: 'getLeadById',
  parameters: [inPath('leadId'), inQuery('fields', TEXTS)],
};
