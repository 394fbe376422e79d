import type { SentRequest } from '../../contracts/attempt.js';
import { shownBody } from '../../http/shown-exchange.js';
import type { MailContent } from './mail-content.js';
import type { Mail } from './smtp-pool.js';

/**
 * A mail as people may see it: the lines of its header that matter, and the text. `content` is the part of one effect,
 * where `together` effects share the mail.
 */
export function shownMail(
  { from, envelope, messageId, headers }: Mail,
  { subject, text, html }: MailContent,
  smtpUrl: string,
  together = 1,
): SentRequest {
  return {
    method: 'SMTP',
    target: serverOf(smtpUrl),
    headers: {
      from,
      to: envelope.to.join(', '),
      'return-path': envelope.from,
      subject,
      'message-id': messageId,
      ...(headers as Readonly<Record<string, string>>),
    },
    body: shownBody(text ?? html ?? ''),
    ...(together === 1 ? {} : { together }),
  };
}

/** `host:port`, without the password. */
function serverOf(smtpUrl: string): string {
  if (!URL.canParse(smtpUrl)) return '***';
  const { protocol, hostname, port } = new URL(smtpUrl);
  return `${hostname}:${port === '' ? (protocol === 'smtps:' ? '465' : '587') : port}`;
}
