import type { LeadFields, MarketoInstance } from './instance.js';
import { type Refusal, violation } from './refusal.js';

export interface SyncRequest {
  readonly action?: 'createOrUpdate' | 'createOnly' | 'updateOnly' | 'createDuplicate';
  readonly lookupField?: string;
  readonly partitionName?: string;
  readonly input: readonly LeadFields[];
}

/** One row of an answer, in the order of the input. A skipped row has no id. */
export interface Row {
  readonly id?: number;
  readonly status: string;
  readonly reasons?: readonly { readonly code: string; readonly message: string }[];
}

export function skipped(code: string, message: string): Row {
  return { status: 'skipped', reasons: [{ code, message }] };
}

/** Create or update leads; a row that cannot be stored is skipped, the others are not held up by it. */
export function syncLeads(request: SyncRequest, instance: MarketoInstance): readonly Row[] | Refusal {
  const { action = 'createOrUpdate', lookupField = 'email', partitionName, input } = request;
  const byId = lookupField === 'id' || input.some((row) => row['id'] !== undefined);
  if (byId && action !== 'updateOnly') return violation('1003', "Invalid data: 'id' is for updateOnly");
  if (partitionName !== undefined && action !== 'createOnly' && action !== 'createOrUpdate') {
    return violation('1003', "Invalid data: 'partitionName' is for createOnly and createOrUpdate");
  }
  return input.map((row) => syncRow(row, action, lookupField, instance));
}

function syncRow(
  row: LeadFields,
  action: NonNullable<SyncRequest['action']>,
  lookupField: string,
  instance: MarketoInstance,
): Row {
  const problem = rowProblem(row, lookupField, instance);
  if (problem !== undefined) return problem;
  const found = action === 'createDuplicate' ? [] : instance.findLeads(lookupField, row[lookupField] ?? null);
  const [id] = found;
  if (found.length > 1) return skipped('1007', 'Multiple leads match the lookup criteria');
  if (id === undefined) {
    if (action === 'updateOnly') return skipped('1004', 'Lead not found');
    return { id: instance.createLead(row), status: 'created' };
  }
  if (action === 'createOnly') return skipped('1005', 'Lead already exists');
  instance.setLead(id, row);
  return { id, status: 'updated' };
}

function rowProblem(row: LeadFields, lookupField: string, instance: MarketoInstance): Row | undefined {
  const unknown = Object.keys(row).find((field) => instance.missingFields.has(field));
  if (unknown !== undefined) return skipped('1006', `Field '${unknown}' not found`);
  const { email } = row;
  if (email !== undefined && email !== null && !/^[!-~]+@[!-~]+$/.test(String(email))) {
    return skipped('1003', `Invalid value for field 'email' and value '${String(email)}'`);
  }
  const key = row[lookupField];
  if (key === undefined || key === null || key === '') {
    return skipped('1002', `Missing value for the required parameter '${lookupField}'`);
  }
  return undefined;
}
