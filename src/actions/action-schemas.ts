import type { ActionSchema } from '../contracts/action-kind.js';
import { emailSchema } from './email/email.params.js';
import { emitSchema } from './emit/emit.params.js';
import { marketoSchemas } from './marketo/marketo.params.js';
import { slackSchema } from './slack/slack.params.js';
import { webhookSchema } from './webhook/webhook.params.js';

/** Every action kind by the `type` that rules name. Free of input and output, so that rules can be checked alone. */
export const ACTION_SCHEMAS: ReadonlyMap<string, ActionSchema> = new Map(
  [slackSchema, emailSchema, webhookSchema, emitSchema, ...marketoSchemas].map((schema) => [
    schema.type,
    schema,
  ]),
);
