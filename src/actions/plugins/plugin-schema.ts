import { Ajv, type ValidateFunction } from 'ajv';
import type { Landing } from '../../contracts/action-kind.js';
import { errorDetails } from '../../contracts/error-details.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';

const LANDINGS = { slack: true, markdown: true, html: true, header: true, text: true } satisfies Record<
  Landing,
  true
>;
/** What authors mistype most: ours, and those of JSON Schema that stand in nearly every one. */
const KEYWORDS = [
  'landing',
  'keepsType',
  'secret',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'description',
  'items',
  'pattern',
  'enum',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
];

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false, logger: false });
ajv.addKeyword({ keyword: 'landing', metaSchema: { enum: Object.keys(LANDINGS) } });
ajv.addKeyword({ keyword: 'keepsType', metaSchema: { type: 'boolean' } });
ajv.addKeyword({ keyword: 'secret', metaSchema: { const: true } });

/** Says what is wrong with a value, without showing it, for it may be a secret; undefined when it fits. */
export type Fits = (value: unknown) => string | undefined;

/** A schema ready for use, or one sentence about what is wrong with it. */
export function compileSchema(schema: JsonObject): { readonly fits: Fits } | { readonly problem: string } {
  try {
    const validate = ajv.compile(schema);
    return { fits: (value) => (validate(value) ? undefined : firstProblem(validate)) };
  } catch (error) {
    return { problem: schemaProblem(errorDetails(error).message) };
  }
}

function firstProblem({ errors }: ValidateFunction): string {
  const [first] = errors ?? [];
  const where = (first?.instancePath ?? '').replaceAll('/', '.').slice(1);
  return `${where === '' ? 'it' : where} ${first?.message ?? 'does not fit'}`;
}

function schemaProblem(message: string): string {
  const [, word] = /unknown keyword: "(.+?)"/.exec(message) ?? [];
  const near = word === undefined ? undefined : nearest(word, KEYWORDS);
  return near === undefined ? message : `${message}; did you mean "${near}"?`;
}

/** The members that an object schema describes; none where it is no such schema. */
export function membersOf(schema: unknown): [name: string, schema: JsonObject][] {
  const properties = isJsonObject(schema) ? schema['properties'] : undefined;
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, member]): [string, JsonObject][] =>
    isJsonObject(member) ? [[name, member]] : [],
  );
}

/** The names of the members that must be there. */
export function requiredOf(schema: JsonObject): readonly string[] {
  const { required } = schema;
  return Array.isArray(required) ? required.map(String) : [];
}
