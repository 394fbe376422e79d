import { Type, type Static, type TProperties } from '@sinclair/typebox';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { connectionName, idOrTemplate, integerOrTemplate } from '../common/param-types.js';

const marketoParams = <P extends TProperties>(properties: P) =>
  Type.Object(
    {
      to: Type.Optional(
        connectionName(
          'Name of a Marketo connection. The one of the instance that the event came from unless given.',
        ),
      ),
      ...properties,
    },
    { additionalProperties: false },
  );

const lead = idOrTemplate('Id of the lead, most often `{{ leadId }}`.');
const list = idOrTemplate('Id of a static list.');
const fieldName = (description: string) => Type.String({ description, pattern: '^[A-Za-z_][A-Za-z0-9_]*$' });

const ListParams = marketoParams({ list, lead });

export const SyncLeadParams = marketoParams({
  fields: Type.Record(
    Type.String(),
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
    {
      description: 'Values by the REST API name of the field. The field of `lookupField` must be among them.',
      minProperties: 1,
    },
  ),
  lookupField: Type.Optional(fieldName('The field that finds the lead: `email` unless given.')),
  action: Type.Optional(
    Type.Union([Type.Literal('createOrUpdate'), Type.Literal('createOnly'), Type.Literal('updateOnly')], {
      description: '`createOrUpdate` unless given; with `lookupField` `id` it is always `updateOnly`.',
    }),
  ),
});

export const ChangeScoreParams = marketoParams({
  lead,
  field: fieldName('REST API name of the score field: `leadScore`.'),
  change: integerOrTemplate('Points to add; a negative number takes points away.'),
});

export const RequestCampaignParams = marketoParams({
  campaign: idOrTemplate('Id of an active smart campaign with the trigger "Campaign is Requested".'),
  lead,
  tokens: Type.Optional(
    Type.Record(Type.String({ pattern: '^my\\.[^{}]+$' }), Type.String(), {
      description: "Values for the program's own tokens, by name without braces: `my.message`.",
      maxProperties: 100,
      additionalProperties: false,
    }),
  ),
});

export type SyncLeadParams = Static<typeof SyncLeadParams>;
export type ChangeScoreParams = Static<typeof ChangeScoreParams>;
export type RequestCampaignParams = Static<typeof RequestCampaignParams>;

export const marketoSchemas: readonly ActionSchema[] = [
  {
    type: 'marketo.addToList',
    destination: 'marketo',
    params: ListParams,
    description: 'Adds a lead to a static list.',
  },
  {
    type: 'marketo.removeFromList',
    destination: 'marketo',
    params: ListParams,
    description: 'Removes a lead from a static list.',
  },
  {
    type: 'marketo.syncLead',
    destination: 'marketo',
    params: SyncLeadParams,
    description: 'Creates or updates a lead.',
  },
  {
    type: 'marketo.changeScore',
    destination: 'marketo',
    params: ChangeScoreParams,
    description: 'Adds points to a score field of a lead, or takes them away.',
  },
  {
    type: 'marketo.requestCampaign',
    destination: 'marketo',
    params: RequestCampaignParams,
    description: 'Runs a trigger campaign for a lead.',
  },
];
