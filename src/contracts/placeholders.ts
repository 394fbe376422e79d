import { isJsonObject } from './json.js';
import { pathHint, placeholderHint } from './placeholder-hints.js';

/** Steps from a JSON value to one inside it: member names, and places in lists. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly problem: string;
}

/** A piece of a template: plain text, a member of the JSON body, a header by its lower-case name, or the raw body. */
export type Piece =
  | { readonly text: string }
  | { readonly path: Path }
  | { readonly header: string }
  | { readonly rawBody: true };

export interface Template {
  readonly pieces: readonly Piece[];
}

type Headers = Readonly<Record<string, string | undefined>>;

const STEP = /\.([^\s.[\]{}'"]+)|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]/y;
const HEADER = /header\.([A-Za-z0-9_.-]+)/y;
const TEXT = /[^{}]+/y;

/** Reads a text with placeholders: `{$.path.to[0].member}` and `{header.x-name}`. */
export function parseTemplate(text: string): Template | Problem {
  return parsePieces(text, (at) => pathAt(text, at) ?? headerAt(text, at));
}

/** Reads the description of a signed text: placeholders are `{body}`, the body as it came, and `{header.x-name}`. */
export function parseSigned(text: string): Template | Problem {
  return parsePieces(text, (at) =>
    text.startsWith('body', at) ? { piece: { rawBody: true }, end: at + 4 } : headerAt(text, at),
  );
}

/** Reads a path such as `$.payload.items[0]['a name']`. `$` alone is the whole value. */
export function parsePath(text: string): Path | Problem {
  const { piece, end } = pathAt(text, 0) ?? { piece: undefined, end: 0 };
  if (piece !== undefined && end === text.length) return piece.path;
  return { problem: `"${text}" is no path: ${pathHint(text)}` };
}

/**
 * The text with its placeholders filled in; undefined when one of them finds nothing, or no text, number or boolean.
 *
 * @param body the parsed JSON body
 * @param headers by lower-case name
 */
export function render(template: Template, body: unknown, headers: Headers): string | undefined {
  let text = '';
  for (const piece of template.pieces) {
    const filled = fill(piece, body, headers);
    if (filled === undefined) return undefined;
    text += filled;
  }
  return text;
}

/** The bytes that a signature is made of; undefined when a header is not there. */
export function renderSigned(template: Template, body: Buffer, headers: Headers): Buffer | undefined {
  const parts: Buffer[] = [];
  for (const piece of template.pieces) {
    const filled = 'rawBody' in piece ? body : fill(piece, undefined, headers);
    if (filled === undefined) return undefined;
    parts.push(typeof filled === 'string' ? Buffer.from(filled) : filled);
  }
  return Buffer.concat(parts);
}

/** What lies at the end of the path, by own members only; undefined when nothing does. */
export function readPath(path: Path, value: unknown): unknown {
  let here = value;
  for (const step of path) {
    if (typeof step === 'number') here = Array.isArray(here) ? (here as unknown[])[step] : undefined;
    else here = isJsonObject(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

function fill(piece: Piece, body: unknown, headers: Headers): string | undefined {
  if ('text' in piece) return piece.text;
  if ('header' in piece) return Object.hasOwn(headers, piece.header) ? headers[piece.header] : undefined;
  const value = 'path' in piece ? readPath(piece.path, body) : undefined;
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

interface Read<P extends Piece = Piece> {
  readonly piece: P;
  /** Where it ended in the text. */
  readonly end: number;
}

function parsePieces(text: string, placeholderAt: (at: number) => Read | undefined): Template | Problem {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length;) {
    if (text[at] === '}') return { problem: 'a "}" has no "{" before it' };
    if (text[at] === '{') {
      const read = placeholderAt(at + 1);
      if (read === undefined || text[read.end] !== '}') return { problem: placeholderHint(text, at) };
      pieces.push(read.piece);
      at = read.end + 1;
    } else {
      TEXT.lastIndex = at;
      pieces.push({ text: TEXT.exec(text)?.[0] ?? '' });
      at = TEXT.lastIndex;
    }
  }
  return { pieces };
}

function pathAt(text: string, at: number): Read<{ readonly path: Path }> | undefined {
  if (text[at] !== '$') return undefined;
  const path: (string | number)[] = [];
  let end = at + 1;
  STEP.lastIndex = end;
  for (let step = STEP.exec(text); step !== null; step = STEP.exec(text)) {
    const [, name, index, single, double] = step;
    path.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
    end = STEP.lastIndex;
  }
  return { piece: { path }, end };
}

function headerAt(text: string, at: number): Read | undefined {
  HEADER.lastIndex = at;
  const [, name] = HEADER.exec(text) ?? [];
  return name === undefined ? undefined : { piece: { header: name.toLowerCase() }, end: HEADER.lastIndex };
}
