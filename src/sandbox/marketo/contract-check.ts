import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { HttpRequest } from '../http/http-answer.js';
import { MAX_BODY, MAX_URI, type Method, type Operation, type OperationId } from './contract-parts.js';
import { MARKETO_CONTRACT } from './contract.js';
import { isRefusal, type Refusal, violation } from './refusal.js';

type Values = Readonly<Record<string, unknown>>;

/** A request that keeps the contract. */
export interface Call {
  readonly operationId: OperationId;
  /** Path and query parameters in their own types. */
  readonly parameters: Values;
  readonly body: Values | undefined;
}

interface Route {
  readonly pattern: RegExp;
  readonly operations: ReadonlyMap<string, CompiledOperation>;
}

interface CompiledOperation extends Operation {
  readonly checkParameters: ValidateFunction;
  readonly checkBody: ValidateFunction | undefined;
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: false, verbose: true });
const ROUTES: readonly Route[] = Object.entries(MARKETO_CONTRACT).map(([path, byMethod]) => ({
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+?)')}$`),
  operations: new Map(
    (Object.entries(byMethod) as [Method, Operation][]).map(([method, operation]) => [
      method,
      compile(operation),
    ]),
  ),
}));

function compile(operation: Operation): CompiledOperation {
  const { parameters, requestBody } = operation;
  return {
    ...operation,
    checkParameters: ajv.compile({
      type: 'object',
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    }),
    checkBody: requestBody === undefined ? undefined : ajv.compile(requestBody.schema),
  };
}

/**
 * Reads a request by the contract. A refusal carries the code of Marketo's catalogue; members and parameters that
 * the contract does not name are refused too, although the real service overlooks them.
 */
export function readCall(request: HttpRequest): Call | Refusal {
  const form = asForm(request);
  const { method, query } = form;
  if (request.body.length > MAX_BODY) return violation('413', 'Request Entity Too Large', 413);
  if (request.url.pathname.length + request.url.search.length > MAX_URI) {
    return violation('414', 'Request-URI Too Long', 414);
  }
  const route = ROUTES.find(({ pattern }) => pattern.test(request.url.pathname));
  if (route === undefined) return violation('610', 'Requested resource not found');
  const operation = route.operations.get(method);
  if (operation === undefined) return violation('605', `HTTP Method '${method}' not supported`);
  const inPath = route.pattern.exec(request.url.pathname)?.groups ?? {};
  const parameters = readParameters(operation, inPath, query);
  if (!operation.checkParameters(parameters)) return refusalOf(operation.checkParameters.errors, 'parameter');
  const body = form.body.length === 0 ? undefined : readBody(operation, request, form.body);
  if (isRefusal(body)) return body;
  if (body === undefined && operation.requestBody?.required === true) return violation('609', 'Invalid JSON');
  return { operationId: operation.operationId, parameters, body };
}

/** `POST …?_method=GET` with the query as a form is how Marketo takes queries that are too long for a URI. */
function asForm(request: HttpRequest): { method: string; query: URLSearchParams; body: Buffer } {
  const query = new URLSearchParams(request.url.searchParams);
  const override = query.get('_method');
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  if (request.method !== 'POST' || override !== 'GET' || !isForm) {
    return { method: request.method, query, body: request.body };
  }
  query.delete('_method');
  for (const [name, value] of new URLSearchParams(request.body.toString())) query.append(name, value);
  return { method: override, query, body: Buffer.alloc(0) };
}

function readParameters(
  operation: Operation,
  inPath: Readonly<Record<string, string>>,
  query: URLSearchParams,
) {
  const values: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(inPath), ...query.keys()])) {
    const texts = inPath[name] === undefined ? query.getAll(name) : [inPath[name]];
    const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema ?? {};
    values[name] = readValue(texts, schema);
  }
  return values;
}

function readValue(
  texts: readonly string[],
  schema: { readonly type?: unknown; readonly items?: object },
): unknown {
  if (schema.type === 'array') {
    return texts.flatMap((text) => text.split(',')).map((text) => readValue([text], schema.items ?? {}));
  }
  const text = texts.length === 1 ? texts[0] : texts;
  return schema.type === 'integer' && typeof text === 'string' && /^\d{1,15}$/.test(text)
    ? Number(text)
    : text;
}

function readBody(operation: CompiledOperation, request: HttpRequest, bytes: Buffer): Values | Refusal {
  if (operation.checkBody === undefined) return violation('1003', 'Invalid data: this call takes no body');
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return violation('612', 'Invalid Content Type');
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return violation('609', 'Invalid JSON');
  }
  if (!operation.checkBody(value)) return refusalOf(operation.checkBody.errors, 'body');
  return value as Values;
}

function refusalOf(errors: readonly ErrorObject[] | null | undefined, where: 'parameter' | 'body'): Refusal {
  const error = errors?.[0];
  const at = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  if (error?.keyword === 'required') {
    const name = [at, String(error.params['missingProperty'])].filter((part) => part !== '').join('.');
    return where === 'body'
      ? violation('701', `${name} cannot be blank`)
      : violation('1002', `Missing value for the required parameter '${name}'`);
  }
  if (error?.keyword === 'type') {
    const shown = JSON.stringify(error.data);
    return violation(
      '1001',
      `Invalid value '${shown}' at ${at}. Required of type '${String(error.params['type'])}'`,
    );
  }
  const extra = error?.keyword === 'additionalProperties' ? String(error.params['additionalProperty']) : '';
  return violation(
    '1003',
    `Invalid data: ${at} ${error?.message ?? ''} ${extra}`.replace(/\s+/g, ' ').trim(),
  );
}
