export interface MailParts {
  /** Header fields by lower-case name, unfolded, otherwise as sent; of a repeated field the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** `Subject` with its encoded words put back into text. */
  readonly subject: string;
  readonly messageId: string;
  /** Everything after the first empty line, encodings left as they are. */
  readonly body: string;
}

/** Splits a message (RFC 5322) into header and body; MIME parts are not taken apart. */
export function readMail(source: string): MailParts {
  const end = source.indexOf('\r\n\r\n');
  const head = end === -1 ? source : source.slice(0, end);
  const headers: Record<string, string> = {};
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] ??= line.slice(colon + 1).trim();
  }
  return {
    headers,
    subject: decodeWords(headers['subject'] ?? ''),
    messageId: headers['message-id'] ?? '',
    body: end === -1 ? '' : source.slice(end + 4),
  };
}

/** Encoded words of RFC 2047 in UTF-8; white space between two of them is not part of the text. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_word, encoding: string, text: string) =>
      (encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : decodeQ(text)).toString('utf8'),
    );
}

function decodeQ(text: string): Buffer {
  const bytes = text.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/gi, (_code, hex: string) => {
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  return Buffer.from(bytes, 'latin1');
}
