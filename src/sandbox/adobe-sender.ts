import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { JsonObject } from '../contracts/json.js';
import { eventHeaders, type KeyPair, signatureHeaders, type SignedWith } from './adobe/delivery-headers.js';
import { readSigningKey, type StoredSigningKey } from './adobe/signing-key.js';

export interface AdobeCredentials {
  /** The client id that events name as their recipient. */
  readonly clientId: string;
  readonly signingKeys: readonly [StoredSigningKey, StoredSigningKey];
}

export interface SendOptions {
  /** Put a single event into an array, as a batch registration does. */
  readonly batch?: boolean;
  /** `both` unless told otherwise. */
  readonly signedWith?: SignedWith;
  /** The retry count of a repeated delivery; without it the delivery is a first attempt. */
  readonly retryCount?: number;
  /** Added to the usual headers, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SenderAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface ChallengeAnswer extends SenderAnswer {
  readonly challenge: string;
  /** True when the answer is one that Adobe takes: the value in JSON or as plain text, with the fitting type. */
  readonly accepted: boolean;
}

/** An event, events, or a body as it shall go over the wire. */
export type Payload = JsonObject | readonly JsonObject[] | string | Buffer;

/** Delivers as Adobe I/O Events does: signed over the exact bytes, with its headers, once (no retries). */
export class AdobeSender {
  readonly clientId: string;
  readonly keys: KeyPair;
  private readonly agent = new Agent();

  constructor(credentials: AdobeCredentials) {
    const [first, second] = credentials.signingKeys;
    this.clientId = credentials.clientId;
    this.keys = [readSigningKey(first), readSigningKey(second)];
  }

  /** The bytes and headers of one delivery, for senders of one's own. */
  prepare(payload: Payload, options: SendOptions = {}): { body: Buffer; headers: Record<string, string> } {
    const ready = typeof payload === 'string' || Buffer.isBuffer(payload);
    const events = !ready && options.batch === true && !Array.isArray(payload) ? [payload] : payload;
    const body = ready ? Buffer.from(payload) : Buffer.from(JSON.stringify(events));
    const headers = {
      ...eventHeaders(ready ? parsed(body) : events),
      ...signatureHeaders(body, this.keys, options.signedWith ?? 'both'),
      ...(options.retryCount === undefined ? {} : { 'x-adobe-retry-count': String(options.retryCount) }),
      ...options.headers,
    };
    return { body, headers };
  }

  /** One POST. Rejects when there is no answer within Adobe's 10 seconds. */
  async send(url: string, payload: Payload, options: SendOptions = {}): Promise<SenderAnswer> {
    const { body, headers } = this.prepare(payload, options);
    return this.call(url, { method: 'POST', headers, body });
  }

  /** The GET that Adobe makes when a registration is created or edited. */
  async challenge(url: string, challenge: string = randomUUID()): Promise<ChallengeAnswer> {
    const target = new URL(url);
    target.searchParams.set('challenge', challenge);
    const answer = await this.call(target.href, { method: 'GET', headers: { 'user-agent': 'Adobe/1.0' } });
    return { ...answer, challenge, accepted: acceptsChallenge(answer, challenge) };
  }

  /** Lets go of the connections. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async call(
    url: string,
    options: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: Buffer },
  ): Promise<SenderAnswer> {
    const signal = AbortSignal.timeout(10_000);
    const { statusCode, headers, body } = await request(url, { ...options, dispatcher: this.agent, signal });
    return { status: statusCode, headers, body: await body.text() };
  }
}

function acceptsChallenge(answer: SenderAnswer, challenge: string): boolean {
  const type = String(answer.headers['content-type'] ?? '');
  if (answer.status !== 200) return false;
  if (type.startsWith('text/plain')) return answer.body === challenge;
  const value = parsed(Buffer.from(answer.body)) as { challenge?: unknown } | undefined;
  return type.startsWith('application/json') && value?.challenge === challenge;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}
