import { randomUUID } from 'node:crypto';
import { isJsonObject } from '../../contracts/json.js';
import { newSigningKey, readSigningKey, signBytes, type SigningKey } from './signing-key.js';

/**
 * Which of the two signatures are good. `both` is what Adobe sends; `1` and `2` are the state during a change of
 * keys; the rest must be refused: signatures under each other's path, by a key that is not published, no signature
 * at all.
 */
export type SignedWith = 'both' | 1 | 2 | 'crossed' | 'wrong' | 'garbage' | 'none';

export type KeyPair = readonly [SigningKey, SigningKey];

let stranger: SigningKey | undefined;

/** The four signature headers of a delivery over exactly these bytes. */
export function signatureHeaders(
  body: Buffer,
  keys: KeyPair,
  signedWith: SignedWith,
): Record<string, string> {
  if (signedWith === 'none') return {};
  const [first, second] = signatures(body, keys, signedWith);
  return {
    'x-adobe-public-key1-path': keys[0].path,
    'x-adobe-public-key2-path': keys[1].path,
    'x-adobe-digital-signature-1': first,
    'x-adobe-digital-signature-2': second,
  };
}

function signatures(
  body: Buffer,
  [one, two]: KeyPair,
  signedWith: Exclude<SignedWith, 'none'>,
): [string, string] {
  switch (signedWith) {
    case 'both':
      return [signBytes(body, one), signBytes(body, two)];
    case 1:
      return [signBytes(body, one), byStranger(body)];
    case 2:
      return [byStranger(body), signBytes(body, two)];
    case 'crossed':
      return [signBytes(body, two), signBytes(body, one)];
    case 'wrong':
      return [byStranger(body), byStranger(body)];
    case 'garbage':
      return ['not a signature', '%%%'];
  }
}

function byStranger(body: Buffer): string {
  stranger ??= readSigningKey(newSigningKey());
  return signBytes(body, stranger);
}

/**
 * The headers of a delivery beside its signatures. What Adobe's captures show for single events; for batches only
 * what cannot be otherwise, because no capture of one is public.
 */
export function eventHeaders(payload: unknown): Record<string, string> {
  const headers = {
    'user-agent': 'Adobe/1.0',
    'accept-encoding': 'deflate,compress,identity',
    'content-type': contentType(payload),
    'x-adobe-delivery-id': randomUUID(),
    'x-adobe-provider': 'marketo_sandbox_123-ABC-456',
  };
  if (!isJsonObject(payload)) return headers;
  const { event } = payload;
  const inner = isJsonObject(event) && isJsonObject(event['body']) ? event['body'] : (event ?? payload);
  const id = payload['eventid'] ?? payload['event_id'];
  const type = isJsonObject(inner) ? inner['type'] : undefined;
  return {
    ...headers,
    ...(typeof id === 'string' ? { 'x-adobe-event-id': id } : {}),
    ...(typeof type === 'string' ? { 'x-adobe-event-code': type } : {}),
  };
}

/** Flat CloudEvents carry their own media type, envelopes and arrays plain JSON. */
function contentType(payload: unknown): string {
  const flat = isJsonObject(payload) && payload['event'] === undefined;
  return flat ? 'application/cloudevents+json; charset=UTF-8' : 'application/json; charset=utf-8';
}
