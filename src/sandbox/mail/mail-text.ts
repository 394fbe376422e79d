import { readMail, type MailParts } from './mail-parts.js';

type Part = Pick<MailParts, 'headers' | 'body'>;

/**
 * The text of a mail (RFC 2045, 2046) for people: of several parts the one in plain text, or else the first, with its
 * encoding undone. UTF-8 is taken for granted.
 */
export function mailText(mail: Part): string {
  const type = mail.headers['content-type'] ?? 'text/plain';
  const boundary = /^multipart\/.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) return mailText(readablePart(mail.body, boundary));
  const text = decode(mail).replace(/\r\n/g, '\n').trimEnd();
  // A space at the end of a line says that the next line continues it (RFC 3676).
  return /format=flowed/i.test(type) ? text.replace(/ \n/g, ' ') : text;
}

function readablePart(body: string, boundary: string): Part {
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1);
  const read = parts.map((part) => readMail(part.replace(/^[ \t]*\r\n/, '')));
  const plain = read.find(({ headers }) => headers['content-type']?.startsWith('text/plain') === true);
  return plain ?? read[0] ?? { headers: {}, body };
}

function decode({ headers, body }: Part): string {
  switch (headers['content-transfer-encoding']?.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable':
      return quotedPrintable(body);
    default:
      return body;
  }
}

function quotedPrintable(text: string): string {
  const joined = text.replace(/=[ \t]*\r\n/g, '');
  return joined.replace(/(?:=[0-9A-F]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'),
  );
}
