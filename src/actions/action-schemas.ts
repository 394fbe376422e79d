import type { ActionSchema } from '../contracts/action-kind.js';
import { emailSchema } from './email/email.params.js';
import { emitSchema } from './emit/emit.params.js';
import { marketoSchemas } from './marketo/marketo.params.js';
import { slackDeleteSchema } from './slack/slack-delete.params.js';
import { slackSchema } from './slack/slack.params.js';
import { webhookSchema } from './webhook/webhook.params.js';

const schemas = new Map<string, ActionSchema>(
  [slackSchema, emailSchema, webhookSchema, emitSchema, ...marketoSchemas].map((schema) => [
    schema.type,
    schema,
  ]),
);

/**
 * Every action kind by the `type` that rules name, those of plug-ins once they are installed: ask when it is needed, and
 * keep no answer from before the start. Free of input and output, so that rules can be checked alone.
 */
export const ACTION_SCHEMAS: ReadonlyMap<string, ActionSchema> = schemas;

/** Kinds that the engine alone makes effects of, such as what takes something back: no rule can name them. */
export const INTERNAL_SCHEMAS: ReadonlyMap<string, ActionSchema> = new Map([
  [slackDeleteSchema.type, slackDeleteSchema],
]);

/** Adds the kind of a plug-in; its type is taken by no other. */
export function addActionSchema(schema: ActionSchema): void {
  schemas.set(schema.type, schema);
}
