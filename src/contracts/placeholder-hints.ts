/** A path without its beginning, as somebody writes it who does not know of the `$`. */
const BARE_PATH = /^\$?\.?((?:[\w-]+|\[\d+\])(?:\.[\w-]+|\[\d+\])*)$/;
const HEADER = /^headers?[.:[]\s*['"]?([\w.-]+)['"]?\]?$/i;
/** Longer ones are no slip that could be mended. */
const LONGEST = 200;

/** What to write instead of a path that cannot be read. */
export function pathHint(text: string): string {
  const meant = pathMeant(text);
  return meant === undefined ? 'a path is written like $.order.items[0].sku' : `did you mean ${meant}?`;
}

/** What is wrong with what begins at the brace at `at`, and what to write instead. */
export function placeholderHint(text: string, at: number): string {
  const end = text.indexOf('}', at);
  if (end === -1) return `the placeholder "${text.slice(at, at + LONGEST)}" does not end: its "}" is missing`;
  const whole = text.slice(at, end + 1);
  const inside = whole.slice(1, -1).replaceAll('{', '').trim();
  const meant = placeholderMeant(inside);
  const hint = meant === undefined ? 'write {$.order.id} or {header.x-name}' : `did you mean ${meant}?`;
  return `"${whole.slice(0, LONGEST)}" is no placeholder: ${hint}`;
}

function placeholderMeant(inside: string): string | undefined {
  if (inside.length > LONGEST) return undefined;
  const [, header] = HEADER.exec(inside) ?? [];
  if (header !== undefined) return `{header.${header.toLowerCase()}}`;
  const path = pathMeant(inside);
  return path === undefined ? undefined : `{${path}}`;
}

function pathMeant(text: string): string | undefined {
  const [, steps] = (text.length > LONGEST ? null : BARE_PATH.exec(text.trim())) ?? [];
  if (steps === undefined) return undefined;
  const fromBody = steps.replace(/^body\./, '');
  return fromBody.startsWith('[') ? `$${fromBody}` : `$.${fromBody}`;
}
