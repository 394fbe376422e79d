import type { IncomingHttpHeaders } from 'node:http';

/** The headers that came with one value, by lower-case name, without the ones in `but`. */
export function singleHeaders(
  headers: IncomingHttpHeaders,
  but: ReadonlySet<string> = new Set(),
): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (typeof value === 'string' && !but.has(name)) single[name] = value;
  return single;
}
