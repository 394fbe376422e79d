import { Type, type Static } from '@sinclair/typebox';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { atLeastOneOf, connectionName, template } from '../common/param-types.js';

export const SlackParams = Type.Object(
  {
    to: connectionName('Name of a Slack connection.'),
    text: Type.Optional(
      template('slack', "The message, in Slack's mrkdwn. Beside `blocks` it is what notifications show."),
    ),
    blocks: Type.Optional(
      Type.Array(Type.Record(Type.String(), Type.Unknown()), {
        description: 'The message as Block Kit blocks. Every string inside may hold templates.',
        landing: 'slack',
        minItems: 1,
        maxItems: 50,
      }),
    ),
    channel: Type.Optional(
      Type.String({
        description:
          'Channel id or name, for connections with a bot token; the channel of an incoming webhook is fixed. ' +
          "The connection's own channel unless given.",
        minLength: 1,
      }),
    ),
  },
  { additionalProperties: false, ...atLeastOneOf('text', 'blocks') },
);
export type SlackParams = Static<typeof SlackParams>;

export const slackSchema: ActionSchema = {
  type: 'slack',
  destination: 'slack',
  params: SlackParams,
  description: 'Posts a message to a Slack channel.',
};
