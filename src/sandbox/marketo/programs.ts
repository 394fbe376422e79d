import type { Call } from './contract-check.js';
import type { CustomActivity, MarketoInstance } from './instance.js';
import { isRefusal, type Refusal, type Result, violation } from './refusal.js';
import { skipped, syncLeads, type SyncRequest } from './sync-leads.js';

/** What a channel has as a rule, in the order in which members come through it. */
const PROGRESS = ['Invited', 'Registered', 'Attended'];

interface PushRequest extends SyncRequest {
  readonly programName: string;
  readonly source?: string;
  readonly reason?: string;
}

/** Always an upsert. A row that cannot be stored tells why and has no status. */
export function pushLeads({ body }: Call, instance: MarketoInstance): Result | Refusal {
  const { programName, source, reason, lookupField, input } = body as unknown as PushRequest;
  if (input.some((row) => row['id'] !== undefined))
    return violation('1003', "Invalid data: 'id' is no field");
  const rows = syncLeads({ input, ...(lookupField === undefined ? {} : { lookupField }) }, instance);
  if (isRefusal(rows)) return rows;
  const about = {
    programName,
    ...(source === undefined ? {} : { source }),
    ...(reason === undefined ? {} : { reason }),
  };
  for (const { id } of rows) if (id !== undefined) instance.pushedLeads.add({ leadId: id, ...about });
  return { result: rows.map((row) => (row.reasons === undefined ? row : { reasons: row.reasons })) };
}

/** `seq` counts the rows; a row that is skipped has no lead. */
export function syncMemberStatus({ parameters, body }: Call, instance: MarketoInstance): Result | Refusal {
  const { programId } = parameters as { programId: number };
  const { statusName, input } = body as { statusName: string; input: readonly { leadId: number }[] };
  if (instance.missingStatuses.has(statusName)) {
    return { code: '1025', message: `Program status '${statusName}' not found` };
  }
  const members = instance.program(programId);
  const rows = input.map(({ leadId }, seq) => {
    if (instance.lead(leadId) === undefined) return { seq, ...skipped('1004', 'Lead not found') };
    const before = members.get(leadId);
    if (isInOrPast(before, statusName)) {
      return { seq, ...skipped('1037', 'Lead skipped because it is already in or past this status') };
    }
    members.set(leadId, statusName);
    return { seq, leadId, status: before === undefined ? 'created' : 'updated' };
  });
  return { result: rows };
}

function isInOrPast(before: string | undefined, wanted: string): boolean {
  if (before === undefined || before === wanted) return before === wanted;
  return PROGRESS.includes(wanted) && PROGRESS.indexOf(before) > PROGRESS.indexOf(wanted);
}

/** A row that is refused has `errors`, where other calls say `reasons`. */
export function addActivities({ body }: Call, instance: MarketoInstance): Result | Refusal {
  const { input } = body as { input: readonly Omit<CustomActivity, 'id'>[] };
  const rows = input.map((activity) => {
    if (instance.lead(activity.leadId) === undefined) {
      return { status: 'skipped', errors: [{ code: '1004', message: 'Lead not found' }] };
    }
    const id = instance.activities.size + 1;
    instance.activities.add({ ...activity, id });
    return { id, marketoGUID: String(id), status: 'added' };
  });
  return { result: rows };
}
