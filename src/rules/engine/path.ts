export type Resolve = (value: unknown) => unknown;

/** A path outside the dotted and bracketed part of JSONPath. The message is for the rule's author. */
export class PathError extends Error {
  override readonly name = 'PathError';
}

const PLAIN_NAME = /^[^.[\]'"*?()@~^;,:`#]+/;
const QUOTED_NAME = /^\[(?:'([^']*)'|"([^"]*)")\]/;
const BARE_BRACKET = /^\[([^.[\]'"*?()@~^;,:`#]+)\]/;

/**
 * Compiles `$`, `$.a.b`, `$['a b'][0]` or `a.b` to a function that follows it through a value, as jsonpath-plus does
 * for json-rules-engine: own members only, `length` of lists and texts included, undefined where the way ends, and a
 * value that is no object (nor list) is returned as it is, path or not.
 *
 * One deliberate difference: a quoted name is always taken literally, where jsonpath-plus gives `* ^ ~ ; , # @ ( )`
 * and the backtick a meaning of their own inside quotes too.
 *
 * @throws PathError for filters, scripts, wildcards, recursive descent, slices and text that is no path.
 */
export function compilePath(path: string): Resolve {
  const names = parsePath(path);
  const [first, second] = names.map(step);
  if (first === undefined) return (value) => value;
  if (second === undefined) return (value) => (isObject(value) ? first(value) : value);
  if (names.length === 2) return (value) => (isObject(value) ? second(first(value)) : value);
  const steps = names.map(step);
  return (value) => {
    if (!isObject(value)) return value;
    let found: unknown = value;
    for (const next of steps) found = next(found);
    return found;
  };
}

/** The member names along a path, outermost first. Two spellings of one path give the same names. */
export function parsePath(path: string): readonly string[] {
  let rest = path.startsWith('$') ? path.slice(1) : `.${path}`;
  const names: string[] = [];
  while (rest !== '') {
    const [taken, name] = nextName(rest, path);
    names.push(name);
    rest = rest.slice(taken);
  }
  return names;
}

function nextName(rest: string, path: string): [taken: number, name: string] {
  if (rest.startsWith('..')) throw refusal(path, 'recursive descent (`..`) is not supported');
  if (rest.startsWith('.')) {
    const name = PLAIN_NAME.exec(rest.slice(1))?.[0];
    if (name !== undefined && name !== '$') return [name.length + 1, name];
    if (rest.startsWith('.*')) throw refusal(path, 'wildcards are not supported');
  }
  const quoted = QUOTED_NAME.exec(rest);
  if (quoted !== null) return [quoted[0].length, quoted[1] ?? quoted[2] ?? ''];
  const bare = BARE_BRACKET.exec(rest);
  if (bare?.[1] !== undefined && bare[1] !== '$') return [bare[0].length, bare[1]];
  if (/^\[\??\(/.test(rest)) throw refusal(path, 'filters and scripts are not supported');
  if (rest.startsWith('[*')) throw refusal(path, 'wildcards are not supported');
  throw refusal(path, `cannot be read from "${rest}" on; a name with signs in it is written ['like this']`);
}

function refusal(path: string, reason: string): PathError {
  return new PathError(`path "${path}": ${reason}`);
}

/** Members that values of JSON inherit; only for these does following a name need to look whose member it is. */
const INHERITED = new Set(
  [Object, Array, String, Number, Boolean].flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype)),
);

function step(name: string): Resolve {
  if (INHERITED.has(name)) {
    return (value) => (hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined);
  }
  return (value) =>
    value === null || value === undefined ? undefined : (value as Record<string, unknown>)[name];
}

/** `''` has no members for jsonpath-plus, though JavaScript gives it a `length`. */
function hasOwn(value: unknown, name: string): boolean {
  return value !== null && value !== undefined && value !== '' && Object.hasOwn(value, name);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
