import { publicPem, type SigningKey } from './adobe/signing-key.js';
import { type HttpAnswer, type HttpRequest, text } from './http/http-answer.js';
import { HttpStandIn } from './http/http-stand-in.js';

/**
 * The host of Adobe's public keys, on loopback. Sends no cache headers, as the real one. An outage is a fault
 * without end: `failNext({ httpStatus: 500, times: Infinity })`, until `recover()`.
 */
export class AdobeKeyServer extends HttpStandIn {
  private readonly pems: ReadonlyMap<string, string>;

  constructor(keys: readonly SigningKey[]) {
    super();
    this.pems = new Map(keys.map((key) => [key.path, publicPem(key)]));
  }

  /** How often keys were asked for, in all or at one path. */
  fetches(path?: string): number {
    const asked = this.requests.all().map(({ url }) => url.pathname);
    return path === undefined ? asked.length : asked.filter((pathname) => pathname === path).length;
  }

  protected answer(request: HttpRequest): HttpAnswer {
    const pem = this.pems.get(request.url.pathname);
    if (pem === undefined || request.method !== 'GET') return text(404, 'Not Found');
    return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: pem };
  }
}
