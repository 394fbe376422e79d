import { Failure, permanent } from '../../contracts/failure.js';
import { errorDetails } from '../../contracts/error-details.js';
import { isJsonObject } from '../../contracts/json.js';

/** Refused by us, before anything is sent: nothing to gain from another try. */
const PERMANENT = new Set(['EENVELOPE', 'EMESSAGE', 'ECONFIG', 'EMAXRECIPIENTS']);
/** Credentials that the server, or we ourselves for want of any, cannot use until a person mends them. */
const CREDENTIALS = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2']);
/** What comes before a mail is spoken of: whatever fails there fails for every mail, and says nothing of this one. */
const BEFORE_MAILS = /^(?:CONN|HELO|EHLO|LHLO|STARTTLS|AUTH)/;
/** The server is closing, whatever was asked of it (RFC 5321, 4.2.3). */
const CLOSING = 421;

/**
 * What an SMTP error means: 4yz replies pass, 5yz to a mail are final (RFC 5321, 4.2.1), but 5yz before any mail was spoken
 * of pass when a person mends their cause. Without a reply the connection was lost or never made; once the message's data
 * had begun to flow the server may have taken it.
 */
export function failureOfSmtpError(error: unknown, dataBegun: boolean): Failure {
  const { message, code = 'error' } = errorDetails(error);
  const { responseCode, command } = isJsonObject(error) ? error : {};
  const isEarly = CREDENTIALS.has(code) || (typeof command === 'string' && BEFORE_MAILS.test(command));
  if (typeof responseCode === 'number') {
    return new Failure(`The mail server refused: ${message}`, {
      code: `smtp.${responseCode}`,
      retry: { kind: responseCode >= 500 && !isEarly ? 'never' : 'backoff' },
      ...(isEarly || responseCode === CLOSING ? { destination: 'down' } : {}),
      cause: error,
    });
  }
  const name = `smtp.${code.toLowerCase()}`;
  if (PERMANENT.has(code)) return permanent(name, `The mail cannot be sent: ${message}`, error);
  const text = dataBegun
    ? `The mail server was lost before it confirmed the mail: ${message}`
    : `The mail server could not be used: ${message}`;
  return new Failure(text, {
    code: name,
    retry: { kind: 'backoff' },
    outcomeUnknown: dataBegun,
    destination: 'down',
    cause: error,
  });
}
