import type { Call } from './contract-check.js';
import { scheduleCampaign, triggerCampaign } from './campaigns.js';
import type { OperationId } from './contract-parts.js';
import type { LeadFields, MarketoInstance } from './instance.js';
import { describedField } from './lead-fields.js';
import { addActivities, pushLeads, syncMemberStatus } from './programs.js';
import type { MarketoQuota } from './quota.js';
import { type Refusal, type Result, violation } from './refusal.js';
import { type Row, skipped, syncLeads, type SyncRequest } from './sync-leads.js';

type Perform = (call: Call, instance: MarketoInstance, quota: MarketoQuota) => Result | Refusal;

const DEFAULT_FIELDS = ['id', 'email', 'updatedAt', 'createdAt', 'firstName', 'lastName'];
const PAGE = 300;
const MAX_MATCHES = 1_000;

/** What each operation does once its request was found good. */
export const PERFORM: Readonly<Record<Exclude<OperationId, 'identity'>, Perform>> = {
  addLeadsToList: (call, instance) =>
    listRows(call, instance, (id, list) => {
      list.add(id);
      return { id, status: 'added' };
    }),
  removeLeadsFromList: (call, instance) =>
    listRows(call, instance, (id, list) =>
      list.delete(id) ? { id, status: 'removed' } : { id, ...skipped('1015', 'Lead not in list') },
    ),
  areLeadsMemberOfList: (call, instance) =>
    listRows(call, instance, (id, list) => ({ id, status: list.has(id) ? 'memberof' : 'notmemberof' })),
  syncLeads: ({ body }, instance) => {
    const rows = syncLeads(body as unknown as SyncRequest, instance);
    return 'code' in rows ? rows : { result: rows };
  },
  getLeadById,
  getLeadsByFilter,
  describeLead: (_call, instance) => ({ result: instance.fields().map(describedField) }),
  pushToMarketo: pushLeads,
  triggerCampaign,
  scheduleCampaign,
  syncProgramMemberStatus: syncMemberStatus,
  addCustomActivity: addActivities,
  getDailyUsage: (_call, _instance, quota) => ({ result: [quota.today()] }),
};

function listRows(
  { parameters, body }: Call,
  instance: MarketoInstance,
  change: (id: number, list: Set<number>) => Row,
): Result | Refusal {
  const { listId, id = [] } = parameters as { listId: number; id?: readonly number[] };
  const { input = [] } = (body ?? {}) as { input?: readonly { id: number }[] };
  const ids = [...id, ...input.map((lead) => lead.id)];
  if (ids.length === 0) return violation('1003', 'Lead ids not specified');
  if (instance.missingLists.has(listId)) return { code: '1013', message: 'List not found' };
  const list = instance.list(listId);
  const row = (lead: number): Row =>
    instance.lead(lead) === undefined
      ? { id: lead, ...skipped('1004', 'Lead not found') }
      : change(lead, list);
  return { result: ids.map(row) };
}

function getLeadById({ parameters }: Call, instance: MarketoInstance): Result | Refusal {
  const { leadId, fields = DEFAULT_FIELDS } = parameters as { leadId: number; fields?: readonly string[] };
  const lead = instance.lead(leadId);
  return fieldsProblem(fields, instance) ?? { result: lead === undefined ? [] : [pick(lead, fields)] };
}

function getLeadsByFilter({ parameters }: Call, instance: MarketoInstance): Result | Refusal {
  const { filterType, filterValues, fields, batchSize, nextPageToken } = parameters as {
    filterType: string;
    filterValues: readonly string[];
    fields?: readonly string[];
    batchSize?: number;
    nextPageToken?: string;
  };
  const wanted = fields ?? DEFAULT_FIELDS;
  const problem = fieldsProblem([...wanted, filterType], instance);
  if (problem !== undefined) return problem;
  const ids = [...new Set(filterValues.flatMap((value) => instance.findLeads(filterType, value)))];
  if (ids.length > MAX_MATCHES) return { code: '1003', message: 'Too many results match the filter' };
  const from = Number(nextPageToken ?? 0);
  const to = from + (batchSize ?? PAGE);
  const page = ids.slice(from, to).map((id) => pick(instance.lead(id) ?? {}, wanted));
  return { result: page, ...(to < ids.length ? { nextPageToken: String(to) } : {}) };
}

function fieldsProblem(fields: readonly string[], instance: MarketoInstance): Refusal | undefined {
  const known = new Set(instance.fields().map(({ name }) => name));
  const unknown = fields.find((field) => !known.has(field));
  return unknown === undefined ? undefined : { code: '1006', message: `Field '${unknown}' not found` };
}

/** The id comes always; a field without a value is left out, as the real answers do. */
function pick(lead: LeadFields, fields: readonly string[]): LeadFields {
  const wanted = new Set(['id', ...fields]);
  return Object.fromEntries(
    Object.entries(lead).filter(([field, value]) => wanted.has(field) && value !== null),
  );
}
