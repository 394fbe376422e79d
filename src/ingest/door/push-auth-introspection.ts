import { createHash } from 'node:crypto';
import { type Dispatcher, request } from 'undici';
import type { IntrospectionCheck } from '../../contracts/connections.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { boundedText } from './bounded-text.js';
import { type Found, Lookup } from './lookup.js';
import type { TokenCheck, TokenVerdict } from './push-auth-verdict.js';

const ASK_MS = 3_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** How long a token that was taken back is still good. */
const KEEP_GOOD_MS = 60_000;
const KEEP_BAD_MS = 5_000;
const KEEP_FAILURE_MS = 2_000;
const LIMITS = { good: 256, others: 1_024, atOnce: 8, perSecond: 10, burst: 20 } as const;
const BUSY = { undecided: 'too many unknown tokens come at once' } as const;

/** Tokens that only the identity provider can read: it is asked (RFC 7662), and its answer kept for a short time. */
export class IntrospectedTokens implements TokenCheck {
  private readonly verdicts = new Lookup<TokenVerdict>(LIMITS, BUSY);
  private readonly authorization: string;

  constructor(
    private readonly expected: IntrospectionCheck,
    private readonly dispatcher: Dispatcher,
  ) {
    const { clientId, clientSecret } = expected;
    this.authorization = `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`;
  }

  async check(token: string): Promise<TokenVerdict> {
    // Tokens are secrets, and of any length: memory holds their hashes only.
    const name = createHash('sha256').update(token).digest('base64');
    return await this.verdicts.get(name, () => this.ask(token));
  }

  private async ask(token: string): Promise<Found<TokenVerdict>> {
    try {
      return this.read(await this.introspect(token));
    } catch (error) {
      const undecided = (error as Error).message;
      return { value: { undecided }, keepMs: KEEP_FAILURE_MS, good: false };
    }
  }

  private async introspect(token: string): Promise<JsonObject> {
    const { statusCode, body } = await request(this.expected.introspectionUrl, {
      method: 'POST',
      dispatcher: this.dispatcher,
      signal: AbortSignal.timeout(ASK_MS),
      headers: {
        authorization: this.authorization,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
    });
    const text = await boundedText(body, MAX_ANSWER_BYTES);
    if (statusCode === 401 || statusCode === 403)
      throw new Error(`the identity provider refuses our own client id and secret with ${statusCode}`);
    if (statusCode !== 200) throw new Error(`the identity provider answered ${statusCode}`);
    const answer: unknown = JSON.parse(text);
    if (!isJsonObject(answer) || typeof answer['active'] !== 'boolean')
      throw new Error('the identity provider’s answer does not say whether the token is active');
    return answer;
  }

  private read(answer: JsonObject): Found<TokenVerdict> {
    const refused = this.refusal(answer);
    if (refused !== undefined) return { value: { refused }, keepMs: KEEP_BAD_MS, good: false };
    const { exp } = answer;
    const leftMs = typeof exp === 'number' ? exp * 1_000 - Date.now() : Infinity;
    return { value: 'good', keepMs: Math.min(KEEP_GOOD_MS, leftMs), good: true };
  }

  private refusal({ active, exp, aud }: JsonObject): string | undefined {
    if (active !== true) return 'the identity provider says that it is not active';
    if (typeof exp === 'number' && exp * 1_000 <= Date.now()) return 'it has expired';
    const { audience } = this.expected;
    const named: unknown[] = Array.isArray(aud) ? aud : [aud];
    return audience === undefined || named.includes(audience)
      ? undefined
      : 'it is meant for another audience';
  }
}

/** As RFC 6749 wants a client's id and secret to be before they are put together. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
