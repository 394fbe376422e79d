import { request, type Dispatcher } from 'undici';
import { permanent, transient, type Failure } from '../contracts/failure.js';
import { errorDetails } from '../contracts/error-details.js';
import { type ClientTls, ConnectError, HttpAgents } from './http-agents.js';
import { PrivateAddressError } from './private-addresses.js';
import { USER_AGENT } from './user-agent.js';

const MAX_BODY_BYTES = 1_048_576;
/** A URL or a header, from the connection, that no request can be made of. */
const NO_REQUEST = new Set(['ERR_INVALID_URL', 'UND_ERR_INVALID_ARG']);

export interface HttpRequest {
  /** Whom messages speak of: `Slack`. The URL may hold a secret and is never shown. */
  readonly service: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** From the start of the connection to the end of the body, milliseconds. */
  readonly timeoutMs: number;
  /** Refuse addresses that are not on the public internet, unless this connection is made to allow them. */
  readonly publicOnly?: { readonly connection: string };
  /** What we show and trust where the URL begins with https; the same object for the same connections. */
  readonly tls?: ClientTls | undefined;
  /** How much of the answer's body is read; 1 MiB unless given. */
  readonly maxBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** False when the body was longer than allowed or the connection was lost inside it. */
  readonly complete: boolean;
}

/** Keep-alive HTTP that speaks `Failure`. Redirects are not followed. */
export class HttpClient {
  private readonly agents = new HttpAgents();

  /**
   * One exchange. Any status is an answer; throws a `Failure` when there is none: `http.connect` (nothing was sent),
   * `http.private_address`, `http.invalid_request`, `http.timeout` and `http.lost` (a write may have reached the target).
   */
  async send(wanted: HttpRequest): Promise<HttpAnswer> {
    if (wanted.signal?.aborted === true) {
      throw transient('http.timeout', `${wanted.service} was not called: the time of the attempt was up`);
    }
    // Not AbortSignal.any: on Node 20 the garbage collector may take a time-out that only it refers to.
    const ending = new AbortController();
    const end = () => {
      ending.abort();
    };
    const timer = setTimeout(end, wanted.timeoutMs);
    wanted.signal?.addEventListener('abort', end);
    try {
      return await this.exchange(wanted, ending.signal);
    } catch (error) {
      throw failureOf(error, wanted, ending.signal);
    } finally {
      clearTimeout(timer);
      wanted.signal?.removeEventListener('abort', end);
    }
  }

  /** Drops every connection. Exchanges under way fail. */
  async close(): Promise<void> {
    await this.agents.destroy();
  }

  private async exchange(wanted: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await request(wanted.url, {
      method: wanted.method,
      headers: { 'user-agent': USER_AGENT, ...wanted.headers },
      body: wanted.body ?? null,
      signal,
      dispatcher: this.agents.for({ publicOnly: wanted.publicOnly !== undefined, tls: wanted.tls }),
    });
    const read = await readBody(answer.body, wanted.maxBytes ?? MAX_BODY_BYTES);
    return { status: answer.statusCode, headers: answer.headers, ...read };
  }
}

async function readBody(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
): Promise<Pick<HttpAnswer, 'body' | 'complete'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  let complete = true;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) {
        complete = false;
        break;
      }
      chunks.push(chunk);
    }
  } catch {
    complete = false;
  }
  return { body: Buffer.concat(chunks).toString('utf8'), complete };
}

function failureOf(error: unknown, wanted: HttpRequest, signal: AbortSignal): Failure {
  const { service, method } = wanted;
  if (error instanceof ConnectError) {
    const { cause } = error;
    if (cause instanceof PrivateAddressError) {
      const remedy = `set "allowPrivateAddresses": true in connection "${wanted.publicOnly?.connection ?? ''}" to allow it`;
      return permanent(
        'http.private_address',
        `${service} was not called: ${cause.message}; ${remedy}`,
        cause,
      );
    }
    const message = `${service} could not be reached: ${reasonOf(cause)}`;
    return transient('http.connect', message, { destination: 'down', cause });
  }
  if (NO_REQUEST.has(reasonOf(error))) {
    return permanent(
      'http.invalid_request',
      `${service} cannot be called: its connection holds an unusable value`,
    );
  }
  const more = { outcomeUnknown: method !== 'GET', destination: 'down', cause: error } as const;
  if (signal.aborted) return transient('http.timeout', `${service} did not answer in time`, more);
  const message = `The connection to ${service} was lost before it answered: ${reasonOf(error)}`;
  return transient('http.lost', message, more);
}

function reasonOf(error: unknown): string {
  const { code, message } = errorDetails(error);
  return code ?? message;
}
