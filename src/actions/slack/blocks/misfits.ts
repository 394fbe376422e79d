import type { ParamsFinding } from '../../../contracts/action-kind.js';
import { isJsonObject, type JsonObject } from '../../../contracts/json.js';
import { nearest } from '../../../contracts/nearest.js';
import { meantBy, type Node } from './node.js';
import { isUrl, WHAT_URL } from './urls.js';

type Path = ParamsFinding['path'];

/** More words than these are no help to whoever looks for the right one. */
const MOST_WORDS = 12;

/**
 * What about a value is not of a schema's shape, templates not rendered, in plain words. A schema like that of blocks
 * holds the same parts in many places and takes a validator that compiles it half a minute.
 */
export function misfits(value: unknown, schema: Node, path: Path): ParamsFinding[] {
  if (schema.properties !== undefined) return objectMisfits(value, schema, path);
  if (schema.anyOf !== undefined) return unionMisfits(value, schema.anyOf, path);
  switch (schema.type) {
    case 'array':
      return listMisfits(value, schema, path);
    case 'string':
      return textMisfits(value, schema, path);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [mustBe('true or false', value, path)];
    default:
      return numberMisfits(value, schema, path);
  }
}

function objectMisfits(value: unknown, schema: Node, path: Path): ParamsFinding[] {
  if (!isJsonObject(value)) return [mustBe('an object', value, path)];
  const { properties = {}, required = [], anyOf = [] } = schema;
  const choices = anyOf.flatMap((each) => each.required ?? []);
  const missing = required.filter((name) => !(name in value));
  return [
    ...missing.map((name) => needs(JSON.stringify(name), path)),
    ...(choices.length > 0 && !choices.some((name) => name in value) ? [needs(listed(choices), path)] : []),
    ...Object.entries(value).flatMap(([name, member]) => {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (known !== undefined) return misfits(member, known, [...path, name]);
      return [unknown(name, Object.keys(properties), path)];
    }),
  ];
}

function unionMisfits(value: unknown, branches: readonly Node[], path: Path): ParamsFinding[] {
  const words = branches.flatMap((branch) => (typeof branch.const === 'string' ? [branch.const] : []));
  if (words.length > 0) {
    if (words.includes(value as string)) return [];
    return [{ ...mustBe(listed(words), value, path), ...hint(value, words) }];
  }
  if (!isJsonObject(value)) return [mustBe('an object', value, path)];
  const meant = meantBy(value, { anyOf: branches });
  return meant === undefined ? [wrongType(value, branches, path)] : misfits(value, meant, path);
}

function wrongType(value: JsonObject, branches: readonly Node[], path: Path): ParamsFinding {
  if (!('type' in value)) return needs('"type"', path);
  const types = branches.map(({ properties }) => String(properties?.['type']?.const));
  const { type } = value;
  return { ...mustBe(listed(types), type, [...path, 'type']), ...hint(type, types) };
}

function listMisfits(value: unknown, { items, minItems = 0, maxItems = Infinity }: Node, path: Path) {
  if (!Array.isArray(value)) return [mustBe('a list', value, path)];
  if (value.length < minItems || value.length > maxItems) {
    const most = Number.isFinite(maxItems) ? ` to ${maxItems}` : ' or more';
    return [{ path, message: `${nameOf(path)} must have ${minItems}${most} entries, not ${value.length}` }];
  }
  return value.flatMap((item, index) => (items === undefined ? [] : misfits(item, items, [...path, index])));
}

function textMisfits(value: unknown, { const: only, fit }: Node, path: Path): ParamsFinding[] {
  if (typeof value !== 'string') return [mustBe('a text', value, path)];
  if (only !== undefined && value !== only) return [mustBe(JSON.stringify(only), value, path)];
  if (fit?.form === undefined || /\{[{%]/.test(value) || isUrl(value, fit.form)) return [];
  return [{ path, message: `${nameOf(path)} must be ${WHAT_URL[fit.form]}` }];
}

function numberMisfits(value: unknown, { type, minimum = -Infinity, maximum = Infinity }: Node, path: Path) {
  const what = type === 'integer' ? 'a whole number' : 'a number';
  const isOne = type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!isOne) return [mustBe(what, value, path)];
  if (Number(value) >= minimum && Number(value) <= maximum) return [];
  const most = maximum === Number.MAX_SAFE_INTEGER ? ' or more' : ` to ${maximum}`;
  return [mustBe(`${what} from ${minimum}${most}`, value, path)];
}

function mustBe(what: string, value: unknown, path: Path): ParamsFinding {
  const text = JSON.stringify(value);
  const found = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return { path, message: `${nameOf(path)} must be ${what}, not ${found}` };
}

function needs(what: string, path: Path): ParamsFinding {
  return { path, message: `${nameOf(path)} needs ${what}` };
}

function unknown(name: string, known: readonly string[], path: Path): ParamsFinding {
  return { path: [...path, name], message: `unknown member "${name}"`, ...hint(name, known) };
}

function hint(word: unknown, known: readonly string[]): { suggestion?: string } {
  const suggestion = typeof word === 'string' ? nearest(word, known) : undefined;
  return suggestion === undefined ? {} : { suggestion };
}

function listed(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  if (quoted.length > MOST_WORDS) return `${quoted.slice(0, MOST_WORDS).join(', ')} …`;
  if (quoted.length < 2) return quoted.join('');
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
}

function nameOf(path: Path): string {
  const name = path.findLast((step) => typeof step === 'string') ?? '';
  const index = path.at(-1);
  return typeof index === 'number' ? `entry ${index + 1} of "${name}"` : `"${name}"`;
}
