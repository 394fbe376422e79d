import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { SeldomLog } from '../../observability/seldom-log.js';

/** Adobe allows a key to be kept for a day at most. */
const KEEP_MS = 24 * 60 * 60 * 1_000;
/** A key that is not there now may be there soon: keys are rotated. */
const KEEP_FAILURE_MS = 10_000;
const FETCH_MS = 3_000;
const MAX_KEY_BYTES = 16 * 1024;
const MIN_RSA_BITS = 2_048;
const MAX_KEYS = 32;
const MAX_FAILURES = 256;
/** Anybody can name keys that do not exist; this bounds what that costs us and the key server. */
const MAX_FETCHES = 8;

const KEY_PATH = /^\/prod\/keys\/pub-key-[A-Za-z0-9_-]{1,128}\.pem$/;

/** Adobe's public keys, fetched when a signature names one, from the one allowed host and never from another. */
@Injectable()
export class PublicKeys implements OnApplicationShutdown {
  private readonly log = new SeldomLog(new Logger('PublicKeys'));
  private readonly agent = new Agent({
    connections: MAX_FETCHES + MAX_KEYS,
    connectTimeout: FETCH_MS,
    maxHeaderSize: 16 * 1024,
  });
  private readonly keys = new Map<string, { readonly key: KeyObject; readonly until: number }>();
  /** Kept apart from the keys, so that made-up names cannot push out real keys. */
  private readonly failures = new Map<string, number>();
  private readonly fetches = new Map<string, Promise<KeyObject | undefined>>();

  /** Whether a header value can be the path of a key at all; anything else could lead to another host. */
  static isKeyPath(path: string): boolean {
    return KEY_PATH.test(path);
  }

  /** The key at a path that `isKeyPath` accepts; undefined when it cannot be had now. */
  get(origin: string, path: string): KeyObject | Promise<KeyObject | undefined> | undefined {
    const url = new URL(path, origin).href;
    const now = performance.now();
    const kept = this.keys.get(url);
    if (kept !== undefined && kept.until > now) return kept.key;
    if ((this.failures.get(url) ?? 0) > now) return undefined;
    const underWay = this.fetches.get(url);
    if (underWay !== undefined) return underWay;
    // A key that was good yesterday has its turn whatever others make up.
    if (kept === undefined && this.fetches.size >= MAX_FETCHES) return undefined;
    const fetching = this.fetch(url).finally(() => this.fetches.delete(url));
    this.fetches.set(url, fetching);
    return fetching;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async fetch(url: string): Promise<KeyObject | undefined> {
    try {
      const key = readKey(await this.download(url));
      remember(this.keys, url, { key, until: performance.now() + KEEP_MS }, MAX_KEYS);
      return key;
    } catch (error) {
      remember(this.failures, url, performance.now() + KEEP_FAILURE_MS, MAX_FAILURES);
      this.log.warn('key', `No public key from ${url}: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** Follows no redirect: the host is the whole of the trust. */
  private async download(url: string): Promise<string> {
    const signal = AbortSignal.timeout(FETCH_MS);
    const { statusCode, body } = await request(url, { dispatcher: this.agent, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_KEY_BYTES) throw new Error('the answer is too long for a key');
      chunks.push(chunk);
    }
    if (statusCode !== 200) throw new Error(`the key server answered ${statusCode}`);
    return Buffer.concat(chunks).toString('utf8');
  }
}

function readKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS)
    throw new Error(`it is no RSA key of at least ${MIN_RSA_BITS} bits`);
  return key;
}

/** A map in order of insertion is enough of a cache here: the oldest goes first. */
function remember<V>(map: Map<string, V>, name: string, value: V, most: number): void {
  map.delete(name);
  map.set(name, value);
  const oldest = map.keys().next();
  if (map.size > most && oldest.done !== true) map.delete(oldest.value);
}
