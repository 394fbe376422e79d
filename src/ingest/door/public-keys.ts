import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { SeldomLog } from '../../observability/seldom-log.js';
import { boundedText } from './bounded-text.js';
import { type Found, Lookup } from './lookup.js';

/** Adobe allows a key to be kept for a day at most. */
const KEEP_MS = 24 * 60 * 60 * 1_000;
/** A key that is not there now may be there soon: keys are rotated. */
const KEEP_FAILURE_MS = 10_000;
const FETCH_MS = 3_000;
const MAX_KEY_BYTES = 16 * 1024;
const MIN_RSA_BITS = 2_048;
/** Adobe has two keys at a time; anybody can name others that do not exist. */
const LIMITS = { good: 32, others: 256, atOnce: 8, perSecond: 5, burst: 20 } as const;

const KEY_PATH = /^\/prod\/keys\/pub-key-[A-Za-z0-9_-]{1,128}\.pem$/;

type FoundKey = Found<KeyObject | undefined>;

/** Adobe's public keys, fetched when a signature names one, from the one allowed host and never from another. */
@Injectable()
export class PublicKeys implements OnApplicationShutdown {
  private readonly log = new SeldomLog(new Logger('PublicKeys'));
  private readonly agent = new Agent({
    connections: LIMITS.atOnce + LIMITS.good,
    connectTimeout: FETCH_MS,
    maxHeaderSize: 16 * 1024,
  });
  private readonly keys = new Lookup<KeyObject | undefined>(LIMITS, undefined);

  /** Whether a header value can be the path of a key at all; anything else could lead to another host. */
  static isKeyPath(path: string): boolean {
    return KEY_PATH.test(path);
  }

  /** The key at a path that `isKeyPath` accepts; undefined when it cannot be had now. */
  get(origin: string, path: string): KeyObject | undefined | Promise<KeyObject | undefined> {
    return this.keys.get(`${origin} ${path}`, () => this.fetch(new URL(path, origin).href));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async fetch(url: string): Promise<FoundKey> {
    try {
      return { value: readKey(await this.download(url)), keepMs: KEEP_MS, good: true };
    } catch (error) {
      this.log.warn('key', `No public key from ${url}: ${(error as Error).message}`);
      return { value: undefined, keepMs: KEEP_FAILURE_MS, good: false };
    }
  }

  /** Follows no redirect: the host is the whole of the trust. */
  private async download(url: string): Promise<string> {
    const signal = AbortSignal.timeout(FETCH_MS);
    const { statusCode, body } = await request(url, { dispatcher: this.agent, signal });
    const text = await boundedText(body, MAX_KEY_BYTES);
    if (statusCode !== 200) throw new Error(`the key server answered ${statusCode}`);
    return text;
  }
}

function readKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS)
    throw new Error(`it is no RSA key of at least ${MIN_RSA_BITS} bits`);
  return key;
}
