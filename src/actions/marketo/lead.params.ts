import { Type, type Static } from '@sinclair/typebox';
import type { ActionSchema, DoneEffect, TakeBack } from '../../contracts/action-kind.js';
import { integerOrTemplate } from '../common/param-types.js';
import { cannot, fieldName, fields, lead, lookupField, marketoParams, partition } from './common.params.js';
import { syncLeadWrites, changeScoreWrites, pushLeadWrites } from './own-activities.js';

export const SyncLeadParams = marketoParams({
  fields,
  lookupField,
  action: Type.Optional(
    Type.Union([Type.Literal('createOrUpdate'), Type.Literal('createOnly'), Type.Literal('updateOnly')], {
      description: '`createOrUpdate` unless given; with `lookupField` `id` it is always `updateOnly`.',
    }),
  ),
  partition,
});
export type SyncLeadParams = Static<typeof SyncLeadParams>;

export const ChangeScoreParams = marketoParams({
  lead,
  field: fieldName('REST API name of the score field: `leadScore`.'),
  change: integerOrTemplate('Points to add; a negative number takes points away.'),
});

export const PushLeadParams = marketoParams({
  program: Type.String({
    description: 'Name of the program that the lead becomes a member of.',
    minLength: 1,
  }),
  fields,
  lookupField,
  status: Type.Optional(
    Type.String({
      description: 'Program status that the lead gets: the first one unless given.',
      minLength: 1,
    }),
  ),
  source: Type.Optional(
    Type.String({ description: 'Where the lead came from; campaigns can be triggered by it.', minLength: 1 }),
  ),
  reason: Type.Optional(
    Type.String({ description: 'Why it is pushed; campaigns can be triggered by it.', minLength: 1 }),
  ),
  partition,
});
export type PushLeadParams = Static<typeof PushLeadParams>;

/** By the difference that was planned, whatever the score has become since. */
function takeBackScore({ params: { lead: id, field }, plan }: DoneEffect): TakeBack {
  const { from, to } = plan ?? {};
  if (typeof from !== 'number' || typeof to !== 'number') {
    return { cannot: 'It is not known by how much the score was changed.' };
  }
  return { type: 'marketo.changeScore', params: { lead: id, field, change: from - to } };
}

export const leadSchemas: readonly ActionSchema[] = [
  {
    type: 'marketo.syncLead',
    destination: 'marketo',
    params: SyncLeadParams,
    description: 'Creates or updates a lead.',
    writes: syncLeadWrites,
    takeBack: cannot('The values that the fields had before are not known.'),
  },
  {
    type: 'marketo.changeScore',
    destination: 'marketo',
    params: ChangeScoreParams,
    description: 'Adds points to a score field of a lead, or takes them away.',
    writes: changeScoreWrites,
    takeBack: takeBackScore,
  },
  {
    type: 'marketo.pushLead',
    destination: 'marketo',
    params: PushLeadParams,
    description:
      'Creates or updates a lead, makes it a member of a program and writes the activity "Push Lead to Marketo", which can trigger campaigns.',
    writes: pushLeadWrites,
    takeBack: cannot('A lead that was pushed has set off what its program does with it.'),
  },
];
