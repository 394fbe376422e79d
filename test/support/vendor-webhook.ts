import { createHmac, randomUUID } from 'node:crypto';

/** How a vendor proves its deliveries. */
export type VendorForm = 'github' | 'slack' | 'standard-webhooks' | 'shared-secret';

/** The headers of one delivery as senders of this form make them, proved by `secret`; `now` is epoch milliseconds. */
export function vendorHeaders(
  form: VendorForm,
  body: string | Buffer,
  secret: string,
  now: number,
): Record<string, string> {
  const seconds = String(Math.floor(now / 1_000));
  const json = { 'content-type': 'application/json' };
  switch (form) {
    case 'github':
      return {
        ...json,
        'x-github-event': 'issues',
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': `sha256=${hmac(secret, body).toString('hex')}`,
      };
    case 'slack':
      return {
        ...json,
        'x-slack-request-timestamp': seconds,
        'x-slack-signature': `v0=${hmac(secret, `v0:${seconds}:`, body).toString('hex')}`,
      };
    case 'standard-webhooks': {
      const id = `msg_${randomUUID()}`;
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      const signature = hmac(key, `${id}.${seconds}.`, body).toString('base64');
      return {
        ...json,
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,${signature}`,
      };
    }
    case 'shared-secret':
      return { ...json, 'x-webhook-secret': secret };
  }
}

function hmac(key: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return hash.digest();
}
