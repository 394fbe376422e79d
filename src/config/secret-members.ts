/** Members of a connection that are secret: given by reference only, at any depth. */
export const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'token',
  'apiKey',
  'webhookUrl',
  'botToken',
  'smtpUrl',
  'secret',
  'secrets',
  'clientSecret',
  // Of a certificate that we show.
  'key',
  // Headers of a webhook.
  'authorization',
  'cookie',
]);
