import type { MarketoDestination } from '../../contracts/connections.js';
import { Failure } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';
import type { LookedUp } from '../../contracts/looked-up.js';
import type { MarketoReads } from '../marketo-reads.js';
import type { LeadFields } from './lead-fields.js';

const FIELD_REFUSED = 'marketo.1006';

export interface LeadSource {
  readonly instance: MarketoDestination;
  readonly reads: MarketoReads;
  readonly fields: LeadFields;
}

export interface CallForLeads {
  /** Up to 300. */
  readonly ids: readonly string[];
  /** Names as people write them. */
  readonly fields: readonly string[];
}

/** Reads leads in one call. A field that the instance refuses is null for all. Throws a `Failure`. */
export async function readLeads(
  source: LeadSource,
  wanted: CallForLeads,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LookedUp>> {
  const names = await source.fields.restNames(source.instance, wanted.fields);
  const asked = [...new Set(names.values())];
  try {
    const rows = await readRows(source, wanted.ids, asked, signal);
    return new Map(wanted.ids.map((id) => [id, lookedUp(rows.get(id), wanted.fields, names)]));
  } catch (error) {
    const refused = refusedField(error, asked);
    if (refused === undefined) throw error;
    await source.fields.withhold(source.instance, refused);
    return readLeads(source, wanted, signal);
  }
}

/** By id. Without a field to ask for nobody is asked, and every lead counts as one that is there. */
async function readRows(
  { instance, reads }: LeadSource,
  ids: readonly string[],
  fields: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, JsonObject>> {
  if (fields.length === 0) return new Map(ids.map((id) => [id, {}]));
  // The commas stay as they are: as %2C each, they would make most of the URI.
  const names = ['id', ...fields].map(encodeURIComponent).join();
  const path = `/rest/v1/leads.json?filterType=id&filterValues=${ids.join()}&fields=${names}`;
  const rows = await reads.read(instance, { path, purpose: 'look-up', records: ids.length }, signal);
  return new Map(rows.map((row) => [String(row['id']), row]));
}

function lookedUp(
  row: JsonObject | undefined,
  fields: readonly string[],
  names: ReadonlyMap<string, string>,
): LookedUp {
  if (row === undefined) return { kind: 'absent' };
  const valueOf = (field: string): unknown => row[names.get(field) ?? ''] ?? null;
  return { kind: 'found', fields: Object.fromEntries(fields.map((field) => [field, valueOf(field)])) };
}

/** The field, of those asked for, that Marketo says it does not have, as for a user who may not see it. */
function refusedField(error: unknown, asked: readonly string[]): string | undefined {
  if (!(error instanceof Failure) || error.code !== FIELD_REFUSED) return undefined;
  return asked.find((name) => error.message.includes(`'${name}'`));
}
