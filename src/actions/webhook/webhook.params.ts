import { Type, type Static } from '@sinclair/typebox';
import type { ActionSchema, RuleLabel } from '../../contracts/action-kind.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import type { JsonObject } from '../../contracts/json.js';
import { connectionName } from '../common/param-types.js';

export const WebhookParams = Type.Object(
  {
    to: connectionName('Name of a webhook connection.'),
    body: Type.Optional(
      Type.Unknown({
        description:
          'The request body: any JSON value, every string inside it may hold templates. Unless given, ' +
          '`type` and `timestamp` of the event, and in `data` the whole event and the id and description of the rule.',
        landing: 'text',
      }),
    ),
  },
  { additionalProperties: false },
);
export type WebhookParams = Static<typeof WebhookParams>;

/** What a webhook carries when its rule names no `body`, in the form that Standard Webhooks recommends. */
function defaultBody(event: CanonicalEvent, rule: RuleLabel): JsonObject {
  return {
    type: event.type,
    timestamp: event.time,
    data: { event, rule: { id: rule.id, description: rule.description } },
  };
}

export const webhookSchema: ActionSchema = {
  type: 'webhook',
  destination: 'webhook',
  params: WebhookParams,
  description: 'Posts JSON to a URL, signed by Standard Webhooks.',
  defaults: (event, rule) => ({ body: defaultBody(event, rule) }),
};
