import type { TSchema } from '@sinclair/typebox';
import type { Landing } from '../../contracts/action-kind.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { allLeadFields, type LeadFields } from './lead-fields.js';
import { TemplateError, type TemplateWarning } from './template-error.js';
import type { TemplateScope } from './template-scope.js';
import { compileTemplate, type TemplateUse } from './template.js';

type Path = readonly (string | number)[];

/** A problem of one text among an action's parameters. */
export interface ParamsProblem extends TemplateWarning {
  readonly severity: 'error' | 'warning';
  /** Members and indexes that lead to the text. */
  readonly path: Path;
}

export interface CompiledParams {
  readonly warnings: readonly ParamsProblem[];
  /** The parameters with every text rendered; throws `TemplateError` with the path of the text that failed. */
  render(scope: TemplateScope): JsonObject;
}

/**
 * Compiles every text among an action's parameters for where the action's schema says that it lands: the nearest
 * `landing` at the text or above it, plain text where there is none. Numbers and the like pass through.
 * Throws the first `TemplateError`, with its path.
 */
export function compileParams(params: JsonObject, schema: TSchema): CompiledParams {
  const place = placeOf(schema);
  const render = compileObject(params, place);
  const { problems } = place;
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new TemplateError(error.message, error, error.path);
  return { warnings: problems, render };
}

/** What can be known of the texts among an action's parameters before an event. */
export interface ParamsAnalysis {
  readonly problems: readonly ParamsProblem[];
  /** The fields of the lead that they read, by the names that were typed (`First Name`, `country`). */
  readonly leadFields: LeadFields;
  readonly uses: readonly TextUse[];
}

/** Something that a text names; texts that cannot be compiled name nothing. */
export interface TextUse extends TemplateUse {
  /** Members and indexes that lead to the text. */
  readonly path: Path;
}

export function analyseParams(params: JsonObject, schema: TSchema): ParamsAnalysis {
  const place = placeOf(schema);
  compileObject(params, place);
  const { problems, leadFields, uses } = place;
  return { problems, leadFields: allLeadFields(leadFields), uses };
}

interface Place {
  readonly schemas: readonly SchemaNode[];
  readonly landing: Landing;
  readonly keepsType: boolean;
  readonly path: Path;
  readonly problems: ParamsProblem[];
  readonly leadFields: LeadFields[];
  readonly uses: TextUse[];
}

function placeOf(schema: TSchema): Place {
  return {
    schemas: alternatives(schema),
    landing: 'text',
    keepsType: false,
    path: [],
    problems: [],
    leadFields: [],
    uses: [],
  };
}

/** The members of JSON Schema that matter for finding what describes a value. */
interface SchemaNode {
  readonly [keyword: string]: unknown;
  readonly landing?: Landing;
  readonly keepsType?: boolean;
  readonly inside?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
}

type Rendering<T> = (scope: TemplateScope) => T;

function compileValue(value: unknown, place: Place): Rendering<unknown> {
  if (typeof value === 'string') return compileText(value, place);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileValue(item, inside(place, index)));
    return (scope) => items.map((render) => render(scope));
  }
  return isJsonObject(value) ? compileObject(value, place) : () => value;
}

function compileObject(value: JsonObject, place: Place): Rendering<JsonObject> {
  const members = Object.entries(value).map(
    ([name, member]) => [name, compileValue(member, inside(place, name))] as const,
  );
  return (scope) => Object.fromEntries(members.map(([name, render]) => [name, render(scope)]));
}

function compileText(text: string, place: Place): Rendering<unknown> {
  const { landing, keepsType, path, problems, leadFields, uses } = place;
  try {
    const template = compileTemplate(text, landing, keepsType);
    problems.push(
      ...template.warnings.map((warning) => ({ ...warning, severity: 'warning' as const, path })),
    );
    leadFields.push(template.leadFields);
    uses.push(...template.uses.map((use) => ({ ...use, path })));
    return (scope) => located(path, () => template.render(scope));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { message, line, column } = error;
    problems.push({ severity: 'error', message, line, column, path });
    return () => '';
  }
}

function located<T>(path: Path, render: () => T): T {
  try {
    return render();
  } catch (error) {
    throw error instanceof TemplateError ? new TemplateError(error.message, error, path) : error;
  }
}

function inside(place: Place, step: string | number): Place {
  const schemas = place.schemas.flatMap((schema) => describing(schema, step)).flatMap(alternatives);
  const landing = schemas.find((schema) => schema.landing !== undefined)?.landing ?? place.landing;
  const keepsType = schemas.find((schema) => schema.keepsType !== undefined)?.keepsType ?? place.keepsType;
  return { ...place, schemas, landing, keepsType, path: [...place.path, step] };
}

/** For each schema, itself and what it consists of, which are asked for at every text of every rule. */
const known = new WeakMap<SchemaNode, readonly SchemaNode[]>();

function alternatives(schema: SchemaNode): readonly SchemaNode[] {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const { anyOf = [], oneOf = [], allOf = [], inside: deeper } = schema;
  const inner = [...anyOf, ...oneOf, ...allOf, ...(deeper === undefined ? [] : [deeper])];
  const all = [schema, ...inner.flatMap(alternatives)];
  known.set(schema, all);
  return all;
}

function describing(schema: SchemaNode, step: string | number): readonly SchemaNode[] {
  if (typeof step === 'number')
    return (Array.isArray(schema.items) ? [schema.items[step]] : [schema.items]).filter(isSchema);
  const named = schema.properties?.[step];
  if (named !== undefined) return [named];
  const patterns = Object.entries(schema.patternProperties ?? {});
  const matching = patterns.filter(([pattern]) => new RegExp(pattern).test(step)).map(([, member]) => member);
  return matching.length > 0 ? matching : [schema.additionalProperties].filter(isSchema);
}

function isSchema(schema: unknown): schema is SchemaNode {
  return isJsonObject(schema);
}
