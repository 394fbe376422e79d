import { closedObject, ID, inPath, inputBody, listOf, type Operation, TEXT } from './contract-parts.js';

/** The two forms of Adobe's documentation: `2026-12-24T08:00:00+0000`, `…+01:00` or `…Z`. */
const TIME = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:Z|[+-]\\d\\d:?\\d\\d)$',
};

const TOKENS = {
  type: 'array',
  maxItems: 100,
  items: closedObject(
    { name: { type: 'string', pattern: '^\\{\\{my\\..+\\}\\}$' }, value: { type: 'string' } },
    ['name', 'value'],
  ),
};

export const TRIGGER_CAMPAIGN: Operation = {
  operationId: 'triggerCampaign',
  parameters: [inPath('campaignId')],
  requestBody: inputBody(
    closedObject({ leads: listOf(closedObject({ id: ID }, ['id']), 100), tokens: TOKENS }, ['leads']),
  ),
};

export const SCHEDULE_CAMPAIGN: Operation = {
  operationId: 'scheduleCampaign',
  parameters: [inPath('campaignId')],
  requestBody: inputBody(closedObject({ runAt: TIME, tokens: TOKENS, cloneToProgramName: TEXT }, [])),
};

export const SYNC_MEMBER_STATUS: Operation = {
  operationId: 'syncProgramMemberStatus',
  parameters: [inPath('programId')],
  requestBody: {
    required: true,
    schema: closedObject({ statusName: TEXT, input: listOf(closedObject({ leadId: ID }, ['leadId']), 300) }, [
      'statusName',
      'input',
    ]),
  },
};

const VALUE = { type: ['string', 'number', 'boolean'] };
const ATTRIBUTE = {
  anyOf: [
    closedObject({ apiName: TEXT, value: VALUE }, ['apiName', 'value']),
    closedObject({ name: TEXT, value: VALUE }, ['name', 'value']),
  ],
};

/** Adobe's description also asks for what only an answer has. */
export const ADD_ACTIVITIES: Operation = {
  operationId: 'addCustomActivity',
  parameters: [],
  requestBody: inputBody(
    listOf(
      closedObject(
        {
          leadId: ID,
          activityDate: TIME,
          activityTypeId: ID,
          primaryAttributeValue: TEXT,
          attributes: { type: 'array', items: ATTRIBUTE, maxItems: 20 },
        },
        ['leadId', 'activityDate', 'activityTypeId', 'primaryAttributeValue', 'attributes'],
      ),
      300,
    ),
  ),
};
