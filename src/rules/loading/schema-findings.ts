import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from '@sinclair/typebox';
import { RENDERING_KEYWORDS } from '../../contracts/action-kind.js';
import { nearest } from '../../contracts/nearest.js';
import { EMITTED_TYPE } from '../../contracts/own-event.js';
import type { JsoncDocument, Path } from './jsonc-document.js';
import { listed } from './listed.js';
import { error, type Problem } from './problem.js';

const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictRequired: false });
// They say where a text lands and what it becomes, which matters to rendering alone.
for (const keyword of RENDERING_KEYWORDS) ajv.addKeyword(keyword);

const validators = new WeakMap<TSchema, ValidateFunction>();

/** What a word that is not in the schema means, where it is more than a slip: undefined for a plain unknown word. */
export type ExplainMember = (name: string, at: Path) => { code: string; message: string } | undefined;

/** Checks the part of the document at `at` against a schema, and says in plain words what is wrong where. */
export function checkShape(
  document: JsoncDocument,
  {
    schema,
    value,
    at = [],
    explain,
  }: { schema: TSchema; value: unknown; at?: Path; explain?: ExplainMember },
): Problem[] {
  const validate = prepareShape(schema);
  if (validate(value)) return [];
  const errors = (validate.errors ?? []).filter((each, _, all) => saysMost(each, all));
  return errors.map((each) => problemIn(document, each, [...at, ...pathOf(each, value)], explain));
}

export function prepareShape(schema: TSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema);
  validators.set(schema, validate);
  return validate;
}

/**
 * Branches of a union fail one by one, and the union's own failure says most. Where the value is an object or a list and
 * one branch alone is for those, it was meant, and what is wrong inside says more.
 */
function saysMost(each: ErrorObject, all: readonly ErrorObject[]): boolean {
  return all.every((union) => {
    if (union.keyword !== 'anyOf') return true;
    const meant = meantBranch(union);
    if (union === each) return meant === undefined;
    if (!isInside(each, union)) return true;
    return meant !== undefined && each.schemaPath.startsWith(`${union.schemaPath}/${meant}/`);
  });
}

function meantBranch({ data, parentSchema }: ErrorObject): number | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const kind = Array.isArray(data) ? 'array' : 'object';
  const { anyOf = [] } = parentSchema as SchemaNode;
  const branches = [...anyOf.keys()].filter((index) => anyOf[index]?.type === kind);
  return branches.length === 1 ? branches[0] : undefined;
}

function isInside({ schemaPath, instancePath }: ErrorObject, union: ErrorObject): boolean {
  return (
    schemaPath.startsWith(`${union.schemaPath}/`) && `${instancePath}/`.startsWith(`${union.instancePath}/`)
  );
}

function problemIn(document: JsoncDocument, each: ErrorObject, at: Path, explain?: ExplainMember): Problem {
  const params = each.params as Readonly<Record<string, unknown>>;
  const parent = each.parentSchema as SchemaNode;
  if (each.keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const known = explain?.(name, at);
    if (known !== undefined) return document.atName([...at, name], error(known.code, known.message));
    const suggestion = nearest(name, Object.keys(parent.properties ?? {}));
    return document.atName(
      [...at, name],
      error('shape.unknown-member', `unknown member "${name}"`, suggestion),
    );
  }
  if (each.keyword === 'required') {
    return document.at(
      at,
      error('shape.missing', `${placeOf(at)} needs "${String(params['missingProperty'])}"`),
    );
  }
  const oneOfMembers = each.keyword === 'anyOf' ? requiredMembers(parent) : undefined;
  if (oneOfMembers !== undefined) {
    return document.at(at, error('shape.missing', `${placeOf(at)} needs ${listed(oneOfMembers)}`));
  }
  return document.at(at, wrongValue(each, parent, at));
}

function wrongValue(each: ErrorObject, parent: SchemaNode, at: Path) {
  const choices = literals(parent);
  const suggestion =
    typeof each.data === 'string' && choices !== undefined
      ? nearest(each.data, choices.map(String))
      : undefined;
  const found = shown(each.data);
  const message = `${placeOf(at)} must be ${expectation(parent)}, not ${found}`;
  return error(each.keyword === 'type' ? 'shape.type' : 'shape.value', message, suggestion);
}

function shown(value: unknown): string {
  // A URL may hold a secret, and problems are logged.
  if (typeof value === 'string' && value.includes('://')) return 'a URL';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
}

function literals({ anyOf }: SchemaNode): readonly unknown[] | undefined {
  return anyOf?.every((branch) => 'const' in branch) === true
    ? anyOf.map((branch) => branch.const)
    : undefined;
}

function requiredMembers({ anyOf }: SchemaNode): readonly string[] | undefined {
  const isOnlyRequired = anyOf?.every((branch) => branch.type === undefined && branch.required !== undefined);
  return isOnlyRequired === true ? anyOf?.flatMap(({ required = [] }) => required) : undefined;
}

/** In words, what a value must be to fit the schema. */
function expectation(schema: SchemaNode): string {
  const choices = literals(schema);
  if (choices !== undefined) return listed(choices.map(String));
  if (schema.type === undefined && schema.anyOf !== undefined) {
    return [...new Set(schema.anyOf.map(expectation))].join(' or ');
  }
  switch (schema.type) {
    case 'string':
      return textExpectation(schema);
    case 'integer':
      return `a whole number${limits(schema)}`;
    case 'array':
      return `a list${bounds(schema.minItems, schema.maxItems, 'entries')}`;
    case 'object':
      return `an object${bounds(schema.minProperties, schema.maxProperties, 'members')}`;
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return schema.type ?? ('const' in schema ? shown(schema.const) : 'something else');
  }
}

function textExpectation({ pattern, minLength }: SchemaNode): string {
  if (pattern === EMITTED_TYPE) return 'a name of your own, such as acme.lead.hot';
  if (pattern?.includes('[smhdw]') === true && pattern.includes('\\{\\{'))
    return 'a time such as 2026-12-24T08:00:00Z, a duration such as 2h, or a template {{ … }}';
  if (pattern?.includes('\\{\\{') === true) return 'a text of digits or with a template {{ … }}';
  if (pattern?.startsWith('^[A-Za-z') === true) return 'a plain word without spaces';
  if (pattern !== undefined) return `a text of the form ${pattern}`;
  return minLength === undefined ? 'a text' : 'a text that is not empty';
}

function limits({ minimum, maximum }: SchemaNode): string {
  if (minimum === undefined) return '';
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}

function bounds(least: number | undefined, most: number | undefined, what: string): string {
  if (least !== undefined && most !== undefined) return ` of ${least} to ${most} ${what}`;
  if (least === 1) return ' that is not empty';
  if (least !== undefined) return ` of at least ${least} ${what}`;
  return most === undefined ? '' : ` of at most ${most} ${what}`;
}

/** The member's own name, which with line and column says where it is. */
function placeOf(at: Path): string {
  const name = at.findLast((step) => typeof step === 'string');
  const index = at.at(-1);
  if (name === undefined) return 'the file';
  return typeof index === 'number' ? `entry ${index + 1} of "${name}"` : `"${name}"`;
}

/** Ajv's JSON pointer as steps; digits are an index only where the value there is a list. */
function pathOf({ instancePath }: ErrorObject, value: unknown): (string | number)[] {
  let inner: unknown = value;
  const steps = instancePath.split('/').slice(1);
  return steps.map((step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const key = Array.isArray(inner) ? Number(name) : name;
    inner = (inner as Record<string | number, unknown> | undefined)?.[key];
    return key;
  });
}
