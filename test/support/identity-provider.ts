import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { Clock } from '../../src/contracts/clock.js';
import { systemClock } from '../../src/contracts/clock.js';
import type { IntrospectionCheck, JwtCheck } from '../../src/contracts/connections.js';
import { type HttpAnswer, type HttpRequest, json } from '../../src/sandbox/http/http-answer.js';
import { HttpStandIn } from '../../src/sandbox/http/http-stand-in.js';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface IdentityProviderOptions {
  /** Who may ask for a token. */
  readonly client: ClientCredentials;
  /** Who may ask whether a token is good. */
  readonly resource: ClientCredentials;
  readonly audience: string;
  /** `jwt` unless told otherwise. */
  readonly tokens?: 'jwt' | 'opaque';
  /** How long a token lives; an hour unless told otherwise. */
  readonly lifetimeSeconds?: number;
  readonly clock?: Clock;
}

interface SigningKey {
  readonly kid: string;
  readonly pem: string;
}

const PATHS = {
  token: '/oauth/token',
  keys: '/.well-known/jwks.json',
  introspect: '/oauth/introspect',
} as const;

/** A customer's identity provider: client credentials (RFC 6749, 4.4), a set of public keys, introspection (RFC 7662). */
export class IdentityProvider extends HttpStandIn {
  private readonly issued = new Map<string, Readonly<Record<string, unknown>> & { readonly exp: number }>();
  private readonly clock: Clock;
  private keys: readonly SigningKey[] = [newKey()];

  constructor(private readonly options: IdentityProviderOptions) {
    super();
    this.clock = options.clock ?? systemClock;
  }

  get tokenUrl(): string {
    return this.origin + PATHS.token;
  }

  /** How a source checks its JWTs. */
  jwtCheck(): JwtCheck {
    return { jwksUrl: this.origin + PATHS.keys, issuer: this.origin, audience: this.options.audience };
  }

  /** How a source asks about its tokens. */
  introspectionCheck(): IntrospectionCheck {
    const { resource, audience } = this.options;
    return { introspectionUrl: this.origin + PATHS.introspect, ...resource, audience };
  }

  /** How often one of its three services was asked. */
  asked(service: keyof typeof PATHS): number {
    return this.requests.all().filter(({ url }) => url.pathname === PATHS[service]).length;
  }

  /** Signs with a new key from now on. The old ones stay in the set unless `forget`. */
  rotate({ forget = false }: { readonly forget?: boolean } = {}): void {
    this.keys = forget ? [newKey()] : [newKey(), ...this.keys];
  }

  /** A token with these claims in the place of the usual ones; `undefined` leaves one out. */
  issue(claims: Readonly<Record<string, unknown>> = {}): string {
    const now = Math.floor(this.clock.now() / 1_000);
    const { client, audience, lifetimeSeconds = 3_600, tokens = 'jwt' } = this.options;
    const exp = now + lifetimeSeconds;
    const usual = { iss: this.origin, aud: audience, sub: client.clientId, iat: now, exp, jti: randomUUID() };
    const token = tokens === 'jwt' ? this.signed({ ...usual, ...claims }) : randomUUID();
    this.issued.set(token, { ...usual, ...claims, exp });
    return token;
  }

  /** Every token that was given is no longer active. */
  revokeAll(): void {
    this.issued.clear();
  }

  protected answer(request: HttpRequest): HttpAnswer {
    switch (`${request.method} ${request.url.pathname}`) {
      case `POST ${PATHS.token}`:
        return this.token(request);
      case `GET ${PATHS.keys}`:
        return json(200, { keys: this.keys.map(publicJwk) });
      case `POST ${PATHS.introspect}`:
        return this.introspection(request);
      default:
        return json(404, { error: 'not_found' });
    }
  }

  private token(request: HttpRequest): HttpAnswer {
    const form = new URLSearchParams(request.body.toString());
    if (form.get('grant_type') !== 'client_credentials')
      return json(400, { error: 'unsupported_grant_type' });
    if (!sameClient(credentials(request, form), this.options.client))
      return json(401, { error: 'invalid_client' });
    const { lifetimeSeconds = 3_600 } = this.options;
    return json(200, { access_token: this.issue(), token_type: 'Bearer', expires_in: lifetimeSeconds });
  }

  private introspection(request: HttpRequest): HttpAnswer {
    const form = new URLSearchParams(request.body.toString());
    if (!sameClient(credentials(request, form), this.options.resource))
      return json(401, { error: 'invalid_client' });
    const claims = this.issued.get(form.get('token') ?? '');
    const active = claims !== undefined && claims.exp * 1_000 > this.clock.now();
    return json(200, active ? { active, ...claims } : { active });
  }

  private signed(claims: Readonly<Record<string, unknown>>): string {
    const [{ kid, pem }] = this.keys as [SigningKey];
    const parts = [{ alg: 'RS256', typ: 'at+jwt', kid }, claims];
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${text}.${sign('rsa-sha256', Buffer.from(text), createPrivateKey(pem)).toString('base64url')}`;
  }
}

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return { kid: randomUUID(), pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function publicJwk({ kid, pem }: SigningKey): object {
  return { ...createPublicKey(pem).export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

/** By `Basic`, whose halves are form-encoded, or as members of the form. */
function credentials({ headers }: HttpRequest, form: URLSearchParams): ClientCredentials {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined)
    return { clientId: form.get('client_id') ?? '', clientSecret: form.get('client_secret') ?? '' };
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':', 2);
  const decode = (text: string): string => new URLSearchParams(`v=${text}`).get('v') ?? '';
  return { clientId: decode(id), clientSecret: decode(secret) };
}

function sameClient(given: ClientCredentials, known: ClientCredentials): boolean {
  return given.clientId === known.clientId && given.clientSecret === known.clientSecret;
}
