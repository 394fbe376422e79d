import { Type, type Static } from '@sinclair/typebox';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { idOrTemplate } from '../common/param-types.js';
import { cannot, lead, marketoParams, tokens } from './common.params.js';
import { requestCampaignWrites } from './own-activities.js';

export const RequestCampaignParams = marketoParams({
  campaign: idOrTemplate('Id of an active smart campaign with the trigger "Campaign is Requested".'),
  lead,
  tokens,
});
export type RequestCampaignParams = Static<typeof RequestCampaignParams>;

export const ScheduleCampaignParams = marketoParams({
  campaign: idOrTemplate('Id of a batch smart campaign.'),
  runAt: Type.Optional(
    Type.String({
      description:
        'When it runs: a time such as `2026-12-24T08:00:00Z`, or how long after it is sent, such as `2h`. ' +
        'From five minutes to two years ahead; in five minutes unless given.',
      pattern: '^\\s*(?:\\d+[smhdw]|\\d{4}-\\d.*)\\s*$|\\{\\{',
    }),
  ),
  tokens,
  cloneToProgramName: Type.Optional(
    Type.String({
      description:
        'The program is cloned under this name, and the campaign of the clone runs. Marketo makes 20 clones a day.',
      minLength: 1,
    }),
  ),
});
export type ScheduleCampaignParams = Static<typeof ScheduleCampaignParams>;

export const campaignSchemas: readonly ActionSchema[] = [
  {
    type: 'marketo.requestCampaign',
    destination: 'marketo',
    params: RequestCampaignParams,
    description: 'Runs a trigger campaign for a lead.',
    writes: requestCampaignWrites,
    takeBack: cannot('What a campaign has done with a lead cannot be taken back from outside.'),
  },
  {
    type: 'marketo.scheduleCampaign',
    destination: 'marketo',
    params: ScheduleCampaignParams,
    description: 'Runs a batch campaign, for all leads of its smart list.',
    takeBack: cannot('A campaign that is scheduled can be stopped only in Marketo.'),
  },
];
