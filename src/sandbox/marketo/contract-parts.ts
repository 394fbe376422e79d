export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: object;
}

export interface Operation {
  readonly operationId: OperationId;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly schema: object };
}

export type OperationId =
  | 'identity'
  | 'addLeadsToList'
  | 'removeLeadsFromList'
  | 'areLeadsMemberOfList'
  | 'syncLeads'
  | 'getLeadsByFilter'
  | 'getLeadById'
  | 'describeLead'
  | 'pushToMarketo'
  | 'triggerCampaign'
  | 'scheduleCampaign'
  | 'syncProgramMemberStatus'
  | 'addCustomActivity'
  | 'getDailyUsage';

export type Method = 'GET' | 'POST' | 'DELETE';

/** Bytes of a body and of a URI, from Adobe's documentation. */
export const MAX_BODY = 1_048_576;
export const MAX_URI = 8_192;

export const ID = { type: 'integer', minimum: 1 };
export const TEXT = { type: 'string', minLength: 1 };
export const TEXTS = { type: 'array', items: TEXT, minItems: 1 };

export function inPath(name: string): Parameter {
  return { name, in: 'path', required: true, schema: ID };
}

export function inQuery(name: string, schema: object, required = false): Parameter {
  return { name, in: 'query', required, schema };
}

export function closedObject(properties: Record<string, object>, required: readonly string[]): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** `{ input: … }`, as most bodies are. */
export function inputBody(input: object): NonNullable<Operation['requestBody']> {
  return { required: true, schema: closedObject({ input }, ['input']) };
}

/** A list of one to `most` entries. */
export function listOf(items: object, most: number): object {
  return { type: 'array', items, minItems: 1, maxItems: most };
}
