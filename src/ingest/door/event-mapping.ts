import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { EventMapping, WebhookSource } from '../../contracts/connections.js';
import { parsePath, parseTemplate, readPath, render } from '../../contracts/placeholders.js';
import { MAX_DEPTH } from '../../contracts/nesting.js';
import { textNestsTooDeep } from '../normalise/nesting.js';
import { badRequest, type DoorError } from './door-error.js';
import { singleHeaders } from './single-headers.js';

/** Headers that say who somebody is. They never come near an event, whatever the mapping says. */
const SECRET_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key'];

const EPOCH_SECONDS = /^\d{9,10}(?:\.\d{1,9})?$/;
const EPOCH_MILLISECONDS = /^\d{12,13}$/;

interface Delivery {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One CloudEvent in structured JSON, made of a webhook's body and headers as the connections file says. Throws 400 with
 * a sentence that names what is missing.
 *
 * @param name of the connection, which is the event's `source` unless the mapping gives one
 */
export function toCloudEvent(
  name: string,
  { event, verify }: WebhookSource,
  headers: IncomingHttpHeaders,
  bytes: Buffer,
): Buffer {
  const { text, body } = parsed(bytes);
  const delivery = { body, headers: singleHeaders(headers, secretsOf(verify)) };
  const attributes = {
    specversion: '1.0',
    id: event.id === undefined ? hashOf(bytes) : required('id', event.id, delivery),
    type: required('type', event.type, delivery),
    source: event.source === undefined ? name : required('source', event.source, delivery),
    ...optional('subject', event.subject, delivery),
    ...timeOf(event, delivery),
    datacontenttype: 'application/json',
  };
  // The body goes in as it came, so that its numbers stay what the sender wrote.
  const data = event.data === undefined ? text : JSON.stringify(partOf(event.data, body));
  return Buffer.from(`${JSON.stringify(attributes).slice(0, -1)},"data":${data}}`);
}

/** Throws 400 for what cannot become an event: no text, no JSON, or nested deeper than an event may be. */
function parsed(bytes: Buffer): { readonly text: string; readonly body: unknown } {
  if (!isUtf8(bytes)) throw invalid('The body is not valid UTF-8.');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (textNestsTooDeep(text)) throw invalid(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  try {
    return { text, body: JSON.parse(text) as unknown };
  } catch (error) {
    throw invalid(`The body is not JSON: ${(error as Error).message}.`);
  }
}

function required(attribute: string, template: string, delivery: Delivery): string {
  const value = filled(template, delivery);
  if (value !== undefined && value !== '') return value;
  throw invalid(`The event has no ${attribute}: ${template} finds nothing in this delivery.`);
}

function optional(attribute: string, template: string | undefined, delivery: Delivery): object {
  const value = template === undefined ? undefined : filled(template, delivery);
  return value === undefined || value === '' ? {} : { [attribute]: value };
}

/** Many senders tell the time as a number of seconds, or of milliseconds, since 1970. */
function timeOf({ time }: EventMapping, delivery: Delivery): object {
  const value = time === undefined ? undefined : filled(time, delivery);
  if (value === undefined || value === '') return {};
  if (EPOCH_SECONDS.test(value)) return { time: new Date(Number(value) * 1_000).toISOString() };
  if (EPOCH_MILLISECONDS.test(value)) return { time: new Date(Number(value)).toISOString() };
  return { time: value };
}

function partOf(path: string, body: unknown): unknown {
  const steps = parsePath(path);
  const part = 'problem' in steps ? undefined : readPath(steps, body);
  if (part === undefined) throw invalid(`The event has no data: ${path} finds nothing in this delivery.`);
  return part;
}

function filled(text: string, { body, headers }: Delivery): string | undefined {
  const template = parseTemplate(text);
  return 'problem' in template ? undefined : render(template, body, headers);
}

/** The header that proves who sends is as secret as what it is made of, or of no use in an event. */
function secretsOf(verify: WebhookSource['verify']): ReadonlySet<string> {
  if (verify === undefined) return new Set(SECRET_HEADERS);
  const proof = verify.scheme === 'standard-webhooks' ? 'webhook-signature' : verify.header.toLowerCase();
  return new Set([...SECRET_HEADERS, proof]);
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function invalid(message: string): DoorError {
  return badRequest('invalid_event', message);
}
