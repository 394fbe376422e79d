import { permanent, transient, type Failure } from '../../contracts/failure.js';
import { isJsonObject } from '../../contracts/json.js';
import { errorDetails } from '../../contracts/error-details.js';

/** Refused before or without a reply, by us or by the credentials: nothing to gain from another try. */
const PERMANENT = new Set(['EAUTH', 'ENOAUTH', 'EENVELOPE', 'EMESSAGE', 'ECONFIG', 'EMAXRECIPIENTS']);

/**
 * What an SMTP error means: 4yz replies pass, 5yz are final (RFC 5321, 4.2.1). Without a reply the connection was
 * lost or never made; once the message's data had begun to flow the server may have taken it.
 */
export function failureOfSmtpError(error: unknown, dataBegun: boolean): Failure {
  const { message, code } = errorDetails(error);
  const responseCode = isJsonObject(error) ? error['responseCode'] : undefined;
  if (typeof responseCode === 'number') {
    const text = `The mail server refused: ${message}`;
    const name = `smtp.${responseCode}`;
    return responseCode >= 500 ? permanent(name, text, error) : transient(name, text, { cause: error });
  }
  if (code !== undefined && PERMANENT.has(code)) {
    return permanent(`smtp.${code.toLowerCase()}`, `The mail cannot be sent: ${message}`, error);
  }
  const text = dataBegun
    ? `The mail server was lost before it confirmed the mail: ${message}`
    : `The mail server could not be used: ${message}`;
  return transient(`smtp.${code?.toLowerCase() ?? 'error'}`, text, {
    outcomeUnknown: dataBegun,
    cause: error,
  });
}
