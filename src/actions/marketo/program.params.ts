import { Type, type Static } from '@sinclair/typebox';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { idOrTemplate, template } from '../common/param-types.js';
import { cannot, lead, marketoParams } from './common.params.js';
import { changeProgramStatusWrites, addCustomActivityWrites } from './own-activities.js';

export const ProgramStatusParams = marketoParams({
  program: idOrTemplate('Id of the program.'),
  lead,
  status: Type.String({
    description: 'Name of the status, one of those of the channel of the program: `Attended`.',
    minLength: 1,
  }),
});
export type ProgramStatusParams = Static<typeof ProgramStatusParams>;

export const CustomActivityParams = marketoParams({
  lead,
  activityType: idOrTemplate('Id of a custom activity type.'),
  primaryValue: Type.String({
    description: 'Value of the primary field of the activity type.',
    minLength: 1,
  }),
  attributes: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
      Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
      {
        description: 'Values of the other fields of the activity type, by their API names.',
        maxProperties: 20,
        additionalProperties: false,
      },
    ),
  ),
  at: Type.Optional(template('text', 'When it happened: the time of the event unless given.')),
});
export type CustomActivityParams = Static<typeof CustomActivityParams>;

export const programSchemas: readonly ActionSchema[] = [
  {
    type: 'marketo.changeProgramStatus',
    destination: 'marketo',
    params: ProgramStatusParams,
    description: 'Gives a lead a status in a program, and makes it a member if it is none.',
    writes: changeProgramStatusWrites,
    takeBack: cannot('The status that the lead had before is not known, and Marketo takes no step back.'),
  },
  {
    type: 'marketo.addCustomActivity',
    destination: 'marketo',
    params: CustomActivityParams,
    description: 'Adds an activity of a type of your own to a lead.',
    writes: addCustomActivityWrites,
    takeBack: cannot('Marketo keeps activities for good.'),
    defaults: ({ time }) => ({ at: time }),
  },
];
