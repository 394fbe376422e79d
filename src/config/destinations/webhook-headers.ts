import type { FreeNames } from '../shape.js';

const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** What HTTP allows in a value; a line break would end it. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;

/** Headers that Signalman sets itself, beside those of Standard Webhooks. */
const OURS = new Set(['content-type', 'content-length', 'host', 'user-agent']);
const SIGNING = 'webhook-';
/** They are about the connection, not the request (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What is wrong with headers that go with every request of a webhook. */
export const webhookHeaders: FreeNames = (headers) => {
  const names = Object.keys(headers);
  return names.flatMap((name, index) => {
    const sentence = wrongWith(name, headers[name], names.slice(0, index));
    return sentence === undefined ? [] : [{ name, sentence }];
  });
};

function wrongWith(name: string, value: unknown, before: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  if (!NAME.test(name)) return 'give the name of a header, such as "x-tenant"';
  if (OURS.has(lower) || lower.startsWith(SIGNING)) return 'Signalman sets this header itself: leave it out';
  if (HOP_BY_HOP.has(lower)) return 'this header is about the connection, not the request: leave it out';
  if (before.some((other) => other.toLowerCase() === lower)) return 'this header stands here twice';
  if (typeof value === 'string' && VALUE.test(value) && value.trim() === value) return undefined;
  return 'give a text of one line, or a reference to one, without blanks around it';
}
