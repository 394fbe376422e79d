import { MAX_DEPTH, nestsDeeperThan } from '../../contracts/nesting.js';

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const [OPEN_BRACE, CLOSE_BRACE] = ['{'.charCodeAt(0), '}'.charCodeAt(0)];
const [OPEN_BRACKET, CLOSE_BRACKET] = ['['.charCodeAt(0), ']'.charCodeAt(0)];

/** Whether JSON text nests deeper than `MAX_DEPTH` somewhere. Skips over strings, so brackets inside do not count. */
export function textNestsTooDeep(text: string): boolean {
  if (text.length <= 2 * MAX_DEPTH) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return false;
}

function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

/** JSON text of any parsed value; what lies deeper than `MAX_DEPTH` is left out, with a mark in its place. */
export function toText(value: unknown): string {
  return JSON.stringify(nestsDeeperThan(value, MAX_DEPTH) ? cutBelow(value, MAX_DEPTH) : value);
}

function cutBelow(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '… nested deeper';
  if (Array.isArray(value)) return value.map((inner: unknown) => cutBelow(inner, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, cutBelow(inner, levels - 1)]),
  );
}
