import { randomUUID } from 'node:crypto';
import type { Clock } from '../../contracts/clock.js';
import { type HttpAnswer, json } from '../http/http-answer.js';
import type { Refusal } from './refusal.js';

export interface MarketoCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

const LIFETIME_MS = 3_600_000;

/** Marketo's token service: until a token expires, asking again gives the same one with the time it has left. */
export class MarketoAccess {
  private token: { readonly value: string; readonly expiresAt: number } | undefined;
  private readonly expired = new Set<string>();

  constructor(
    private readonly credentials: MarketoCredentials,
    private readonly clock: Clock,
  ) {}

  /** Answers the identity call: 401 for wrong credentials. */
  issue(clientId: unknown, clientSecret: unknown): HttpAnswer {
    if (clientId !== this.credentials.clientId || clientSecret !== this.credentials.clientSecret) {
      return json(401, { error: 'invalid_client', error_description: 'Bad client credentials' });
    }
    const now = this.clock.now();
    if (this.token !== undefined && this.token.expiresAt <= now) this.expire();
    this.token ??= { value: `${randomUUID()}:int`, expiresAt: now + LIFETIME_MS };
    return json(200, {
      access_token: this.token.value,
      token_type: 'bearer',
      expires_in: Math.max(0, Math.ceil((this.token.expiresAt - now) / 1000) - 1),
      scope: 'signalman@acme.example',
    });
  }

  /** Why an `Authorization` header does not let in, or undefined. */
  refusal(authorization: string | undefined): Refusal | undefined {
    if (this.token !== undefined && this.token.expiresAt <= this.clock.now()) this.expire();
    const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    if (given === undefined) return { code: '601', message: 'Access token invalid', violation: true };
    if (given === this.token?.value) return undefined;
    return this.expired.has(given)
      ? { code: '602', message: 'Access token expired' }
      : { code: '601', message: 'Access token invalid' };
  }

  /** Ends the life of the current token. */
  expire(): void {
    if (this.token !== undefined) this.expired.add(this.token.value);
    this.token = undefined;
  }
}
