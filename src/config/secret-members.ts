/** Members of a connection that are secret: given by reference only. */
export const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'token',
  'apiKey',
  'webhookUrl',
  'botToken',
  'smtpUrl',
  'secret',
  'clientSecret',
]);
