import type { IncomingHttpHeaders } from 'node:http';
import { type CloudEvent, HTTP } from 'cloudevents';
import { badRequest } from './door-error.js';
import { isJsonType } from './request-body.js';

/** True when the attributes of a CloudEvent are in the headers and its data alone is in the body. */
export function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  if (headers['content-type']?.startsWith('application/cloudevents')) return false;
  return ['ce-id', 'ce-type', 'ce-source', 'ce-specversion'].some((name) => headers[name] !== undefined);
}

/** The same event as structured JSON text, which is what is stored. Throws 400 naming what is wrong. */
export function toStructured(headers: IncomingHttpHeaders, body: Buffer): Buffer {
  if (headers['ce-id'] === undefined) throw badRequest('invalid_event', 'The header ce-id is missing.');
  const contentType = headers['content-type'];
  try {
    const attributes = HTTP.toEvent({ headers: attributeHeaders(headers), body: undefined });
    return Buffer.from(
      JSON.stringify({ ...(attributes as CloudEvent).toJSON(), ...dataOf(contentType, body) }),
    );
  } catch (error) {
    throw badRequest('invalid_event', `It is no CloudEvent in binary mode: ${(error as Error).message}.`);
  }
}

/** Only the event's own headers: an `authorization` must not come near the event. Values are percent-encoded. */
function attributeHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string') continue;
    if (name === 'content-type') own[name] = value;
    else if (name.startsWith('ce-')) own[name] = decodeURIComponent(value);
  }
  return own;
}

function dataOf(contentType: string | undefined, body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  if (contentType === undefined || isJsonType(contentType))
    return { data: JSON.parse(body.toString('utf8')) as unknown };
  if (contentType.startsWith('text/')) return { data: body.toString('utf8') };
  return { data_base64: body.toString('base64') };
}
