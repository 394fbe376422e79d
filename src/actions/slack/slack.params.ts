import { Type, type Static } from '@sinclair/typebox';
import type { ActionSchema, DoneEffect, ParamsFinding, TakeBack } from '../../contracts/action-kind.js';
import type { Destination } from '../../contracts/connections.js';
import type { JsonObject } from '../../contracts/json.js';
import { atLeastOneOf, connectionName, template } from '../common/param-types.js';
import { blockMisfits } from './blocks/block-misfits.js';
import { BLOCK_TYPES, messageBlock } from './blocks/message-blocks.js';

const blockType = Type.Union(BLOCK_TYPES.map((type) => Type.Literal(type)));
const blocks = Type.Array(Type.Object({ type: blockType }), {
  description: 'The message as Block Kit blocks. Every text inside may hold templates.',
  landing: 'slack',
  inside: Type.Array(messageBlock),
  minItems: 1,
  maxItems: 50,
});

export const SlackParams = Type.Object(
  {
    to: connectionName('Name of a Slack connection.'),
    text: Type.Optional(
      template('slack', "The message, in Slack's mrkdwn. Beside `blocks` it is what notifications show."),
    ),
    blocks: Type.Optional(Type.Unsafe<readonly JsonObject[]>(blocks)),
    channel: Type.Optional(
      Type.String({
        description:
          'Channel id or name, for connections with a bot token; the channel of an incoming webhook is fixed. ' +
          "The connection's own channel unless given.",
        minLength: 1,
      }),
    ),
    thread: Type.Optional(
      template(
        'text',
        'What the message is about, such as `lead {{ leadId }}`: the first about it begins a thread, later ones reply in ' +
          'it, until there was none for 30 days. Needs a bot token.',
      ),
    ),
    broadcast: Type.Optional(
      Type.Boolean({ description: 'Show replies of the `thread` in the channel too; false unless given.' }),
    ),
    update: Type.Optional(
      template(
        'text',
        'What the message tells the state of, such as `import of {{ data.name }}`: a later one about it takes its place, ' +
          'until there was none for 30 days. Needs a bot token.',
      ),
    ),
  },
  { additionalProperties: false, ...atLeastOneOf('text', 'blocks') },
);
export type SlackParams = Static<typeof SlackParams>;

/** Why an incoming webhook cannot do it, and which member asks for it; undefined when it can. */
export function needsBot({ channel, thread, update }: JsonObject): ParamsFinding | undefined {
  const [asked] = Object.entries({ channel, thread, update }).find(([, value]) => value !== undefined) ?? [];
  if (asked === undefined) return undefined;
  const message = `"${asked}" needs a connection with botToken and channel: an incoming webhook posts new messages to its one channel only`;
  return { path: [asked], message };
}

function check(params: JsonObject, destination?: Destination): readonly ParamsFinding[] {
  const { blocks: given = [], broadcast, thread } = params;
  const forBot = destination?.kind === 'slack' && destination.botToken === undefined && needsBot(params);
  const misplaced = {
    path: ['broadcast'],
    message: '"broadcast" shows replies in the channel: it needs "thread"',
  };
  return [
    ...(forBot ? [forBot] : []),
    ...(broadcast !== undefined && thread === undefined ? [misplaced] : []),
    ...blockMisfits(given as readonly JsonObject[], ['blocks']),
  ];
}

function takeBack({ params, data = {} }: DoneEffect): TakeBack {
  const { channel, ts, replaced } = data;
  if (typeof channel !== 'string' || typeof ts !== 'string') {
    return { cannot: 'A message of an incoming webhook cannot be deleted.' };
  }
  if (replaced === true) {
    return { cannot: 'It took the place of an earlier message, which is not kept.' };
  }
  return { type: 'slack.delete', params: { to: params['to'], channel, ts } };
}

export const slackSchema: ActionSchema = {
  type: 'slack',
  destination: 'slack',
  params: SlackParams,
  description: 'Posts a message to a Slack channel.',
  check,
  takeBack,
};
