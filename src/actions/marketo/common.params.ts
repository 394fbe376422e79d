import { Type, type TProperties } from '@sinclair/typebox';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { connectionName, idOrTemplate } from '../common/param-types.js';

/** The parameters of an action kind, with the connection that it goes to. */
export const marketoParams = <P extends TProperties>(properties: P) =>
  Type.Object(
    {
      to: Type.Optional(
        connectionName(
          'Name of a Marketo connection. The one of the instance that the event came from unless given.',
        ),
      ),
      ...properties,
    },
    { additionalProperties: false },
  );

export const lead = idOrTemplate('Id of the lead, most often `{{ leadId }}`.');

export const fieldName = (description: string) =>
  Type.String({ description, pattern: '^[A-Za-z_][A-Za-z0-9_]*$' });

export const lookupField = Type.Optional(fieldName('The field that finds the lead: `email` unless given.'));

export const partition = Type.Optional(
  Type.String({ description: 'Name of the partition that a new lead goes to.', minLength: 1 }),
);

/** Values of fields of a lead. */
export const fields = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
  {
    description: 'Values by the REST API name of the field. The field of `lookupField` must be among them.',
    minProperties: 1,
  },
);

export const tokens = Type.Optional(
  Type.Record(Type.String({ pattern: '^my\\.[^{}]+$' }), Type.String(), {
    description: "Values for the program's own tokens, by name without braces: `my.message`.",
    maxProperties: 100,
    additionalProperties: false,
  }),
);

/** Nothing can take it back, for this reason. */
export const cannot = (sentence: string): NonNullable<ActionSchema['takeBack']> => {
  const answer = { cannot: sentence };
  return () => answer;
};
