import { createRemoteJWKSet, customFetch, errors, jwtVerify, type RemoteJWKSet } from 'jose';
import { type Dispatcher, request } from 'undici';
import type { JwtCheck } from '../../contracts/connections.js';
import { boundedText } from './bounded-text.js';
import type { TokenCheck, TokenVerdict } from './push-auth-verdict.js';

const FETCH_MS = 3_000;
const MAX_SET_BYTES = 256 * 1024;
/** How long a key that the identity provider took out of its set is still good. */
const KEEP_SET_MS = 10 * 60 * 1_000;
/** An unknown key makes us look for a new set, yet no more often than this: anybody can name keys. */
const REFETCH_AFTER_MS = 10_000;
/** The clocks of two machines. */
const CLOCK_TOLERANCE_S = 60;
/** Signatures by key pairs only: nobody who reads the public keys can make a token with them. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** What is wrong with the token itself. Any other error is of the identity provider or of the way to it. */
const FAULTS_OF_TOKENS: ReadonlySet<string> = new Set([
  errors.JWTExpired.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWTInvalid.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
]);

/** Tokens that are JWTs, by the public keys that the identity provider shows. */
export class JwtTokens implements TokenCheck {
  private readonly keys: RemoteJWKSet;

  constructor(
    private readonly expected: JwtCheck,
    private readonly dispatcher: Dispatcher,
  ) {
    this.keys = createRemoteJWKSet(new URL(expected.jwksUrl), {
      timeoutDuration: FETCH_MS,
      cacheMaxAge: KEEP_SET_MS,
      cooldownDuration: REFETCH_AFTER_MS,
      [customFetch]: (url, options) => this.fetch(url, options),
    });
  }

  async check(token: string): Promise<TokenVerdict> {
    const { issuer, audience } = this.expected;
    const mayNotAsk = this.keys.coolingDown;
    try {
      await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp'],
      });
      return 'good';
    } catch (error) {
      // A key may be new since the set was fetched: keys are rotated.
      if (error instanceof errors.JWKSNoMatchingKey && mayNotAsk)
        return { undecided: 'it names a key that the key set did not have a moment ago' };
      const { message } = error as Error;
      return isFaultOfToken(error) ? { refused: message } : { undecided: message };
    }
  }

  /** Follows no redirect, and takes in no more than a set of keys can have. */
  private async fetch(
    url: string,
    { headers, signal }: { readonly headers: Headers; readonly signal: AbortSignal },
  ): Promise<Response> {
    const { dispatcher } = this;
    const { statusCode, body } = await request(url, {
      dispatcher,
      signal,
      headers: Object.fromEntries(headers),
    });
    const text = await boundedText(body, MAX_SET_BYTES);
    if (statusCode !== 200) throw new Error(`the key set’s server answered ${statusCode}`);
    return new Response(text);
  }
}

function isFaultOfToken(error: unknown): boolean {
  return error instanceof errors.JOSEError && FAULTS_OF_TOKENS.has(error.code);
}
