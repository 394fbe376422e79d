import { Type } from '@sinclair/typebox';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { connectionName } from '../common/param-types.js';

export const SlackDeleteParams = Type.Object(
  {
    to: connectionName('Name of the Slack connection that posted it.'),
    channel: Type.String({ description: 'Id of the channel.', minLength: 1 }),
    ts: Type.String({ description: 'Time stamp of the message.', minLength: 1 }),
  },
  { additionalProperties: false },
);

/** Takes back what `slack` posted. Rules cannot name it. */
export const slackDeleteSchema: ActionSchema = {
  type: 'slack.delete',
  destination: 'slack',
  params: SlackDeleteParams,
  description: 'Deletes a message that the same connection posted.',
};
