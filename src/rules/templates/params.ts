import type { TSchema } from '@sinclair/typebox';
import type { Landing } from '../../contracts/action-kind.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { allLeadFields, type LeadFields } from './lead-fields.js';
import { TemplateError, type TemplateWarning } from './template-error.js';
import type { TemplateScope } from './template-scope.js';
import { compileTemplate } from './template.js';

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
  const problems: ParamsProblem[] = [];
  const render = compileObject(params, {
    schemas: [schema],
    landing: 'text',
    path: [],
    problems,
    leadFields: [],
  });
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new TemplateError(error.message, error, error.path);
  return { warnings: problems, render };
}

/**
 * The fields of the lead that the texts among an action's parameters read, by the names that were typed (`First Name`,
 * `country`). Texts that cannot be compiled read nothing.
 */
export function templateLeadFields(params: JsonObject, schema: TSchema): LeadFields {
  // Most texts do not name the lead, and to compile them costs more than all else that is done with a rule.
  if (!/\blead\b/i.test(JSON.stringify(params))) return [];
  const leadFields: LeadFields[] = [];
  compileObject(params, { schemas: [schema], landing: 'text', path: [], problems: [], leadFields });
  return allLeadFields(leadFields);
}

/** All problems of an action's parameters at once, for the checker. */
export function checkParams(params: JsonObject, schema: TSchema): readonly ParamsProblem[] {
  const problems: ParamsProblem[] = [];
  compileObject(params, { schemas: [schema], landing: 'text', path: [], problems, leadFields: [] });
  return problems;
}

interface Place {
  readonly schemas: readonly SchemaNode[];
  readonly landing: Landing;
  readonly path: Path;
  readonly problems: ParamsProblem[];
  readonly leadFields: LeadFields[];
}

/** The members of JSON Schema that matter for finding what describes a value. */
interface SchemaNode {
  readonly [keyword: string]: unknown;
  readonly landing?: Landing;
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

function compileText(text: string, { landing, path, problems, leadFields }: Place): Rendering<string> {
  try {
    const template = compileTemplate(text, landing);
    problems.push(
      ...template.warnings.map((warning) => ({ ...warning, severity: 'warning' as const, path })),
    );
    leadFields.push(template.leadFields);
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
  const schemas = place.schemas
    .flatMap(alternatives)
    .flatMap((schema) => describing(schema, step))
    .flatMap(alternatives);
  const landing = schemas.find((schema) => schema.landing !== undefined)?.landing ?? place.landing;
  return { ...place, schemas, landing, path: [...place.path, step] };
}

function alternatives(schema: SchemaNode): readonly SchemaNode[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...inner.flatMap(alternatives)];
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
