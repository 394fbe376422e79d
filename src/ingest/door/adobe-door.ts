import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import type { AdobeSource } from '../../contracts/connections.js';
import { AdobeSignature } from './adobe-signature.js';
import { BatchWriter } from './batch-writer.js';
import { badRequest, DoorError, unauthorized, unavailable } from './door-error.js';
import { SeldomLog } from '../../observability/seldom-log.js';
import { RegistrationConfirmer } from './registration-confirmer.js';
import { readValidationProbe } from './validation-probe.js';

const CHALLENGE = /^[A-Za-z0-9_-]{1,128}$/;

/** What stands between Adobe I/O and the events queue. Nothing of a signed body is parsed here. */
@Injectable()
export class AdobeDoor {
  private readonly log = new SeldomLog(new Logger('AdobeDoor'));

  constructor(
    private readonly signature: AdobeSignature,
    private readonly writer: BatchWriter,
    private readonly confirmer: RegistrationConfirmer,
  ) {}

  /** Adobe's validation of the URL. Only what looks like one of its tokens is sent back. */
  answerChallenge(challenge: unknown): { readonly challenge?: string } {
    if (challenge === undefined) return {};
    if (typeof challenge !== 'string' || !CHALLENGE.test(challenge))
      throw badRequest('invalid_challenge', 'The challenge is not a token of letters, digits and hyphens.');
    return { challenge };
  }

  /** Resolves when the delivery is durable; throws the answer to give otherwise. */
  async take(name: string, source: AdobeSource, headers: IncomingHttpHeaders, body: Buffer): Promise<void> {
    if (source.webhook === false) throw noWebhook(name);
    const verdict = await this.signature.check(headers, body, source.keyOrigin);
    if (verdict === 'missing') {
      if (this.isProbe(name, source, body)) return;
      throw unauthorized('The delivery is not signed.');
    }
    if (verdict === 'undecided')
      throw unavailable(
        'key_unavailable',
        'A public key that the signature names cannot be had now; send it again.',
      );
    if (verdict === 'invalid')
      throw new DoorError(403, 'invalid_signature', 'No signature fits these bytes.');
    if (!mayBeFor(source.clientId, body)) throw this.foreign(name);
    await this.writer.write(name, 'adobe', body);
  }

  private isProbe(name: string, { validationOrigin }: AdobeSource, body: Buffer): boolean {
    const probe = readValidationProbe(body, validationOrigin);
    if (probe === undefined) return false;
    const { confirmAt } = probe;
    if (confirmAt !== undefined && this.confirmer.begin(name, confirmAt)) return true;
    const where = confirmAt ?? 'a URL that is not Adobe’s and is not shown';
    this.log.warn(
      `probe ${name}`,
      `Somebody asks to confirm the registration of source ${name}. If you are registering it now, open within 5 minutes: ${where}`,
    );
    return true;
  }

  /** A wrong client id in our own settings would lose every event, so this must not pass unseen. */
  private foreign(name: string): DoorError {
    this.log.error(
      `foreign ${name}`,
      `Source ${name}: a validly signed delivery does not name our client id as its recipient. If it is Adobe's for us, the clientId in the connections file is wrong and events are being lost.`,
    );
    return new DoorError(403, 'wrong_recipient', 'The delivery does not name this source as its recipient.');
  }
}

function noWebhook(name: string): DoorError {
  return new DoorError(
    404,
    'no_webhook',
    `Source ${JSON.stringify(name)} takes no deliveries: its events are read from Adobe's journal.`,
  );
}

/**
 * Whether a signed body can hold an event for `clientId`. Each event is asked exactly when it is read; this keeps out
 * deliveries that are wholly somebody else's. A body that is no JSON at all says nothing: it is kept to be looked at.
 */
function mayBeFor(clientId: string, body: Buffer): boolean {
  if (body.includes(JSON.stringify(clientId)) || !isUtf8(body)) return true;
  try {
    JSON.parse(body.toString('utf8'));
    return false;
  } catch {
    return true;
  }
}
