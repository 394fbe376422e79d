import { canonicalField } from '../catalogue/lead-field-names.js';
import type { JsonObject } from '../contracts/json.js';
import { leadOwner } from '../contracts/lead-owner.js';
import type { LookedUp, WantedLeads } from '../contracts/looked-up.js';
import type { LogChange } from '../contracts/memory.js';
import { eventTime } from './engine/event-time.js';
import type { EventCase } from './event-case.js';
import { learned } from './memory/batch-memory.js';

/** Asks Marketo about people, all at once. By `<munchkinId>/<leadId>`. */
export type LookUpLeads = (wanted: readonly WantedLeads[]) => Promise<ReadonlyMap<string, LookedUp>>;

/** A look-up that did not come to an answer. */
export type Unavailable = Extract<LookedUp, { kind: 'unavailable' }>;

export interface People {
  /** By case. */
  readonly unavailable: ReadonlyMap<EventCase, Unavailable>;
  readonly learned: readonly LogChange[];
}

/**
 * Looks up what cases still have to know of their people, and settles them by it. Where nobody can be asked, or Marketo
 * does not know the person, the fields are missing.
 */
export async function lookUpPeople(cases: readonly EventCase[], lookUp: LookUpLeads): Promise<People> {
  const open = cases.filter(({ unknownFields }) => unknownFields.length > 0);
  if (open.length === 0) return { unavailable: new Map(), learned: [] };
  const answers = await lookUp(wantedBy(open));
  const unavailable = new Map<EventCase, Unavailable>();
  const changes: LogChange[] = [];
  for (const each of open) {
    const { munchkinId, leadId = '' } = each.event;
    const answer = munchkinId === undefined ? undefined : answers.get(`${munchkinId}/${leadId}`);
    if (answer?.kind === 'unavailable') {
      unavailable.set(each, answer);
      continue;
    }
    if (answer === undefined || answer.kind === 'nobody') {
      each.settleByLookUp({});
      continue;
    }
    const found = answer.kind === 'found' ? answer.fields : {};
    const names = each.unknownFields;
    const fields: JsonObject = Object.fromEntries(names.map((name) => [name, found[name] ?? null]));
    each.settleByLookUp(fields);
    const told = new Map(Object.entries(fields).map(([name, value]) => [canonicalField(name), value]));
    changes.push(learned(leadOwner(munchkinId, leadId), told, eventTime(each.event)));
  }
  return { unavailable, learned: changes };
}

/** One entry an instance, with the fields that any of its people needs. */
function wantedBy(cases: readonly EventCase[]): WantedLeads[] {
  const wanted = new Map<string, { leadIds: Set<string>; fields: Set<string> }>();
  for (const { event, unknownFields } of cases) {
    if (event.munchkinId === undefined || event.leadId === undefined) continue;
    const ofInstance = wanted.get(event.munchkinId) ?? { leadIds: new Set(), fields: new Set() };
    wanted.set(event.munchkinId, ofInstance);
    ofInstance.leadIds.add(event.leadId);
    for (const field of unknownFields) ofInstance.fields.add(field);
  }
  return [...wanted].map(([munchkinId, { leadIds, fields }]) => ({
    munchkinId,
    leadIds: [...leadIds],
    fields: [...fields],
  }));
}
