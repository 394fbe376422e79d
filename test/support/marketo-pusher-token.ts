import { type Dispatcher, request } from 'undici';
import type { Clock } from '../../src/contracts/clock.js';

export type PusherCredentials =
  | { readonly token: string }
  | { readonly tokenUrl: string; readonly clientId: string; readonly clientSecret: string };

const ASK_MS = 10_000;

/** What Marketo shows when it pushes: an API token, or one that it gets from the customer's identity provider. */
export class PusherToken {
  private kept: { readonly value: string; readonly until: number } | undefined;

  constructor(
    private readonly credentials: PusherCredentials,
    private readonly clock: Clock,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** True when there is another token to be had than the one that was refused. */
  get renews(): boolean {
    return 'tokenUrl' in this.credentials;
  }

  forget(): void {
    this.kept = undefined;
  }

  /** The `Authorization` header. Asks for a token when there is none or it expired; rejects when none is given. */
  async header(): Promise<string> {
    if ('token' in this.credentials) return this.credentials.token;
    if (this.kept === undefined || this.kept.until <= this.clock.now())
      this.kept = await this.ask(this.credentials);
    return `Bearer ${this.kept.value}`;
  }

  private async ask({ tokenUrl, clientId, clientSecret }: Extract<PusherCredentials, { tokenUrl: string }>) {
    const { statusCode, body } = await request(tokenUrl, {
      method: 'POST',
      dispatcher: this.dispatcher,
      signal: AbortSignal.timeout(ASK_MS),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }).toString(),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`no token: ${statusCode}`);
    const answer = JSON.parse(text) as { readonly access_token: string; readonly expires_in: number };
    return { value: answer.access_token, until: this.clock.now() + answer.expires_in * 1_000 };
  }
}
