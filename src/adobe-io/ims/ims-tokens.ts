import { Inject, Injectable } from '@nestjs/common';
import { permanent, transient } from '../../contracts/failure.js';
import { isJsonObject, parseJson } from '../../contracts/json.js';
import { type Answer, AdobeHttp } from '../http/adobe-http.js';
import { failureOfStatus } from '../http/failure-of-status.js';
import { PACE, type Pace } from '../pace.js';
import type { AdobeAccount } from './adobe-account.js';

const SERVICE = "Adobe's token service";
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
/** Renewed this long before it expires, so that no request sets out with a token that dies on the way. */
const MARGIN_MS = 5 * 60_000;

interface Token {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly renewAt: number;
}

/** One access token for each credential, shared by all requests and asked for by one of them at a time. */
@Injectable()
export class ImsTokens {
  private readonly tokens = new Map<string, Token>();
  private readonly pending = new Map<string, Promise<Token>>();

  constructor(
    private readonly http: AdobeHttp,
    @Inject(PACE) private readonly pace: Pace,
  ) {}

  /**
   * A token that is good now. `refused` is one that Adobe no longer takes: it is replaced, unless another request has
   * already done so. Throws a `Failure`.
   */
  async get(account: AdobeAccount, refused?: string): Promise<string> {
    const key = JSON.stringify([account.ims.tokenUrl, account.clientId, account.ims.orgId]);
    const known = this.tokens.get(key);
    if (known && known.value !== refused && known.renewAt > this.pace.now()) return known.value;
    const asked = this.pending.get(key) ?? this.renew(key, account);
    return (await asked).value;
  }

  private renew(key: string, account: AdobeAccount): Promise<Token> {
    const asked = this.ask(account)
      .then((token) => {
        this.tokens.set(key, token);
        return token;
      })
      .finally(() => this.pending.delete(key));
    this.pending.set(key, asked);
    return asked;
  }

  private async ask({ clientId, ims }: AdobeAccount): Promise<Token> {
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: ims.clientSecret,
      grant_type: 'client_credentials',
      scope: ims.scope,
    });
    const answer = await this.http.ask({
      service: SERVICE,
      method: 'POST',
      url: ims.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    });
    return readToken(answer, this.pace.now());
  }
}

function readToken(answer: Answer, now: number): Token {
  const told = parseJson(answer.body);
  const { access_token: value, expires_in: seconds, error } = isJsonObject(told) ? told : {};
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
    const reason = typeof error === 'string' ? ` (${error.slice(0, 100)})` : '';
    const remedy = 'Check clientId, clientSecret and scope of the source against the Developer Console.';
    throw permanent('adobe.credentials', `${SERVICE} refused our credential${reason}. ${remedy}`);
  }
  if (answer.status !== 200) throw failureOfStatus(SERVICE, answer, now);
  if (typeof value !== 'string' || typeof seconds !== 'number')
    throw transient('adobe.unreadable', `${SERVICE} answered without a token.`);
  const lifetime = seconds * 1_000;
  return { value, renewAt: now + lifetime - Math.min(MARGIN_MS, lifetime / 2) };
}
