import type { GivenAnswer, SentRequest } from '../contracts/attempt.js';
import type { HttpAnswer, HttpRequest } from './http-client.js';
import { USER_AGENT } from './user-agent.js';

const BODY_BYTES = 16_384;
const ANSWER_BYTES = 2_048;
const MASK = '***';

/** Headers that authorise or sign, whoever is called. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'webhook-signature',
]);

/**
 * A request as people may see it. Its URL keeps origin and path, the values of its query are masked; so are those of
 * `masked` headers, which is for what a connection adds. Headers that authorise or sign are left out.
 */
export function shownRequest(
  { method, url, headers, body }: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>,
  masked: readonly string[] = [],
): SentRequest {
  const shown = Object.entries(shownHeaders({ 'user-agent': USER_AGENT, ...headers })).map(
    ([name, value]): [string, string] => [name, masked.includes(name) ? MASK : value],
  );
  return {
    method,
    target: shownUrl(url),
    headers: Object.fromEntries(shown),
    ...(body === undefined ? {} : { body: shownBody(body) }),
  };
}

/** Headers but for those that authorise or sign, in lower case. */
export function shownHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const lower = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return Object.fromEntries(lower.filter(([name]) => !SECRET_HEADERS.has(name)));
}

/** What came back, as people may see it. */
export function shownAnswer({ status, body }: Pick<HttpAnswer, 'status' | 'body'>): GivenAnswer {
  return { status, text: shownText(body) };
}

/** As much of a request's body as people may see. */
export function shownBody(text: string): string {
  return beginning(text, BODY_BYTES);
}

/** As much of an answer as people may see. */
export function shownText(text: string): string {
  return beginning(text, ANSWER_BYTES);
}

/** Origin and path, and of the query only the names. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return MASK;
  const { origin, pathname, searchParams } = new URL(url);
  const names = [...searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${MASK}`);
  return `${origin}${pathname}${names.length === 0 ? '' : `?${names.join('&')}`}`;
}

/** Of a URL that is a secret as a whole its origin alone. */
export function shownSecretUrl(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}/${MASK}` : MASK;
}

/** At most so many bytes of UTF-8, and no half of a character. */
function beginning(text: string, bytes: number): string {
  // No character takes more than three bytes for each of its code units.
  if (text.length * 3 <= bytes) return text;
  return new TextDecoder().decode(Buffer.from(text.slice(0, bytes)).subarray(0, bytes), { stream: true });
}
