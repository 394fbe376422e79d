import { Type, type Static } from '@sinclair/typebox';
import type { ActionSchema } from '../../contracts/action-kind.js';
import { atLeastOneOf, connectionName, template } from '../common/param-types.js';

export const EmailParams = Type.Object(
  {
    to: connectionName('Name of an email connection; its recipients get the mail.'),
    subject: template('header', 'The subject line, of 250 characters at most; what is longer is cut.'),
    text: Type.Optional(template('text', 'The mail as plain text.')),
    html: Type.Optional(template('html', 'The mail as HTML.')),
  },
  { additionalProperties: false, ...atLeastOneOf('text', 'html') },
);
export type EmailParams = Static<typeof EmailParams>;

export const emailSchema: ActionSchema = {
  type: 'email',
  destination: 'email',
  params: EmailParams,
  description: 'Sends a mail to the recipients of an email connection.',
};
