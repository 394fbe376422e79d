import { createHmac } from 'node:crypto';

/**
 * Headers of Standard Webhooks: the id stays the same when a message is sent again, the time is that of the attempt.
 * `secret` is base64, with or without `whsec_`; `now` is epoch milliseconds.
 */
export function signatureHeaders(
  secret: string,
  id: string,
  now: number,
  body: string,
): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
