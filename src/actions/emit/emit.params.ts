import { Type } from '@sinclair/typebox';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { OWN_SOURCE } from '../../contracts/batch.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import type { JsonObject } from '../../contracts/json.js';
import { EMITTED_TYPE } from '../../contracts/own-event.js';
import { template } from '../common/param-types.js';

const members = {
  type: Type.String({
    pattern: EMITTED_TYPE,
    description:
      'Type of the new event, such as `acme.lead.hot`, for rules to have in their `on`. ' +
      'It cannot begin with `signalman.`, `marketo.` or `com.adobe.`.',
  }),
  subject: Type.Optional(template('text', 'What the new event is about.')),
  data: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        'What the new event says: any JSON, every string inside it may hold templates. One that is a template and ' +
        'nothing else, such as `"{{ data.points }}"`, keeps what the value is: a number stays a number, and what is ' +
        'missing is `null`.',
      landing: 'text',
      keepsType: true,
    }),
  ),
};

const EmitParams = Type.Object(members, { additionalProperties: false });

/** The parameters of an effect: with what the judge adds of the event for which the rule fired. */
export const EmittedParams = Type.Object({
  ...members,
  from: Type.Object({
    time: Type.String(),
    leadId: Type.Optional(Type.String()),
    munchkinId: Type.Optional(Type.String()),
  }),
});

/** The new event is about the same person and counts at the same time, so that windows and sequences go on over it. */
function fromEvent({ time, leadId, munchkinId }: CanonicalEvent): JsonObject {
  return {
    time,
    ...(leadId === undefined ? {} : { leadId }),
    ...(munchkinId === undefined ? {} : { munchkinId }),
  };
}

export const emitSchema: ActionSchema = {
  type: 'emit',
  destination: OWN_SOURCE,
  params: EmitParams,
  description: 'Makes a new event for other rules, about the same lead and with the same time.',
  defaults: (event) => ({ from: fromEvent(event) }),
};
