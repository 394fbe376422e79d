import type { Clock } from '../contracts/clock.js';
import type { MarketoDestination } from '../contracts/connections.js';
import { Failure, transient } from '../contracts/failure.js';
import { isJsonObject, parseJson } from '../contracts/json.js';
import type { HttpAnswer, HttpClient } from '../http/http-client.js';
import { failureOfStatus } from '../http/http-failure.js';

const TIMEOUT_MS = 10_000;
/** Renewed this long before it expires, so that no call sets out with a token that dies on the way. */
const MARGIN_MS = 60_000;

interface Token {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly renewAt: number;
}

/** One access token for each client id, shared by all calls and asked for by one of them at a time. */
export class MarketoTokens {
  private readonly tokens = new Map<string, Token>();
  private readonly pending = new Map<string, Promise<Token>>();

  constructor(
    private readonly http: HttpClient,
    private readonly clock: Clock,
  ) {}

  /**
   * A token that is good now. `refused` is one that Marketo no longer takes: it is replaced, unless another call has
   * already done so. Throws a `Failure`; the effect itself was not sent yet.
   */
  async get(connection: MarketoDestination, refused?: string): Promise<string> {
    const key = JSON.stringify([connection.origin, connection.clientId, connection.clientSecret]);
    const known = this.tokens.get(key);
    if (known && known.value !== refused && known.renewAt > this.clock.now()) return known.value;
    const asked = this.pending.get(key) ?? this.renew(key, connection);
    return (await asked).value;
  }

  private renew(key: string, connection: MarketoDestination): Promise<Token> {
    const asked = this.ask(connection)
      .then((token) => {
        this.tokens.set(key, token);
        return token;
      })
      .finally(() => this.pending.delete(key));
    this.pending.set(key, asked);
    return asked;
  }

  private async ask({ origin, clientId, clientSecret }: MarketoDestination): Promise<Token> {
    const url = new URL('/identity/oauth/token', origin);
    url.searchParams.set('grant_type', 'client_credentials');
    url.searchParams.set('client_id', clientId);
    url.searchParams.set('client_secret', clientSecret);
    const answer = await this.http.send({
      service: "Marketo's token service",
      method: 'GET',
      url: url.href,
      headers: { accept: 'application/json' },
      // No signal: shared by many calls, it must not end with the one that happened to ask.
      timeoutMs: TIMEOUT_MS,
    });
    return this.read(answer);
  }

  private read(answer: HttpAnswer): Token {
    const now = this.clock.now();
    if (answer.status === 401) {
      const message = 'Marketo refused the client id or the client secret';
      // What waits for it is sent when the secret is mended.
      const retry = { kind: 'backoff' } as const;
      throw new Failure(message, { code: 'marketo.unauthorized', retry, destination: 'down' });
    }
    const failure = failureOfStatus("Marketo's token service", answer, now);
    // The effect was not sent yet, whatever became of the token.
    if (failure) {
      const { message, code, retry } = failure;
      throw new Failure(message, { code, retry, destination: 'down' });
    }
    const told = parseJson(answer.body);
    const { access_token: value, expires_in: seconds } = isJsonObject(told) ? told : {};
    if (typeof value !== 'string' || typeof seconds !== 'number') {
      throw transient('marketo.unreadable', "Marketo's token service answered without a token");
    }
    const lifetime = seconds * 1000;
    // Asking early brings the same token back: the margin shrinks with it, or every call would ask.
    return { value, renewAt: now + lifetime - Math.min(MARGIN_MS, lifetime / 2) };
  }
}
