import { type KeyObject, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { PublicKeys } from './public-keys.js';

/** `undecided`: a key that a signature names could not be had, so nobody knows yet. */
export type SignatureVerdict = 'valid' | 'invalid' | 'missing' | 'undecided';

const PAIRS = [1, 2] as const;
/** Base64 of 512 bytes, the signature of a 4096-bit key, and some room. */
const MAX_SIGNATURE_LENGTH = 1_024;

/** Adobe I/O's signatures: RSA PKCS#1 v1.5 with SHA-256 over the exact bytes of the body. */
@Injectable()
export class AdobeSignature {
  constructor(private readonly keys: PublicKeys) {}

  /**
   * Two pairs of signature and key come with a delivery, so that keys can be changed; one valid pair is enough.
   * A key that its server does not have leaves the verdict open, like a server that does not answer: Adobe repeats
   * after 503 and never after 4xx, and a key that is just being published must not lose events.
   */
  async check(headers: IncomingHttpHeaders, body: Buffer, keyOrigin: string): Promise<SignatureVerdict> {
    let verdict: SignatureVerdict = 'missing';
    for (const pair of PAIRS) {
      const signature = headers[`x-adobe-digital-signature-${pair}`];
      const path = headers[`x-adobe-public-key${pair}-path`];
      if (typeof signature !== 'string' || typeof path !== 'string') continue;
      if (verdict === 'missing') verdict = 'invalid';
      if (signature.length > MAX_SIGNATURE_LENGTH || !PublicKeys.isKeyPath(path)) continue;
      const key = await this.keys.get(keyOrigin, path);
      if (key === undefined) verdict = 'undecided';
      else if (isSignedBy(key, body, signature)) return 'valid';
    }
    return verdict;
  }
}

function isSignedBy(key: KeyObject, body: Buffer, signature: string): boolean {
  return verify('rsa-sha256', body, key, Buffer.from(signature, 'base64'));
}
