import { randomUUID } from 'node:crypto';
import type { Clock } from '../../contracts/clock.js';
import { type HttpAnswer, type HttpRequest, json } from '../http/http-answer.js';

export interface ImsClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `<id>@AdobeOrg`. */
  readonly orgId: string;
  /** Comma list. */
  readonly scope: string;
}

/** Seconds, as Adobe's tokens have it. */
const LIFETIME_S = 86_399;
const FORM = 'application/x-www-form-urlencoded';

/** Adobe's token service for OAuth server-to-server credentials, and what its APIs ask of a request. */
export class ImsAccess {
  /** Token → when it expires, epoch milliseconds. */
  private readonly tokens = new Map<string, number>();

  constructor(
    private readonly client: ImsClient,
    private readonly clock: Clock,
  ) {}

  /** Answers the token call. */
  issue(request: HttpRequest): HttpAnswer {
    const { clientId, clientSecret, scope } = this.client;
    if (!(request.headers['content-type'] ?? '').startsWith(FORM))
      return json(400, { error: 'invalid_request' });
    const form = new URLSearchParams(request.body.toString());
    if (form.get('grant_type') !== 'client_credentials')
      return json(400, { error: 'unsupported_grant_type' });
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return json(401, { error: 'invalid_client', error_description: 'invalid client_secret parameter' });
    if (form.get('scope') !== scope) return json(400, { error: 'invalid_scope' });
    const token = randomUUID();
    this.tokens.set(token, this.clock.now() + LIFETIME_S * 1_000);
    return json(200, { access_token: token, token_type: 'bearer', expires_in: LIFETIME_S });
  }

  /** The answer to a request that may not come in; undefined for one that may. */
  refusal({ headers }: HttpRequest): HttpAnswer | undefined {
    const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    const until = given === undefined ? undefined : this.tokens.get(given);
    if (until === undefined || until <= this.clock.now())
      return json(401, { error_code: '401013', message: 'Oauth token is not valid' });
    if (headers['x-api-key'] !== this.client.clientId)
      return json(403, { error_code: '403000', message: 'Api Key is invalid' });
    if (headers['x-ims-org-id'] !== this.client.orgId)
      return json(403, { error_code: '403010', message: 'The organisation is not the one of the token' });
    return undefined;
  }

  /** Ends the life of every token. */
  expire(): void {
    this.tokens.clear();
  }
}
