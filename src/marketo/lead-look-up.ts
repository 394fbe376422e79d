import type { Clock } from '../contracts/clock.js';
import type { Connections } from '../contracts/connections.js';
import type { JsonObject } from '../contracts/json.js';
import type { LookedUp, WantedLeads } from '../contracts/looked-up.js';
import { instanceKey } from '../contracts/munchkin-id.js';
import { lookUpsPerDay } from './budget/call-limits.js';
import { marketoInstances } from './instances.js';
import { LeadFields } from './leads/lead-fields.js';
import { LeadRounds } from './leads/lead-rounds.js';
import type { MarketoReads } from './marketo-reads.js';

const TOTAL_MS = 8_000;
/** A lead's id is a number of 32 bits; a value that is none would spoil the call for the others. */
const LEAD_ID = /^[1-9]\d{0,9}$/;
const HIGHEST_ID = 2 ** 31 - 1;

/** Looks up fields of leads over Marketo's REST API: few calls, inside a budget, and never for long. */
export class LeadLookUp {
  private readonly rounds: ReadonlyMap<string, LeadRounds>;

  constructor(connections: Connections, reads: MarketoReads, clock: Clock, totalMs = TOTAL_MS) {
    const fields = new LeadFields(reads, clock);
    const asked = [...marketoInstances(connections)].filter(([, instance]) => lookUpsPerDay(instance) > 0);
    this.rounds = new Map(
      asked.map(([key, instance]) => [key, new LeadRounds({ instance, reads, fields }, clock, totalMs)]),
    );
  }

  /**
   * What is known of each lead, by `<munchkinId>/<leadId>` as both were asked for. Waits eight seconds at most; what went
   * wrong with Marketo is an answer, only what went wrong with Redis is thrown.
   */
  async lookUp(wanted: readonly WantedLeads[]): Promise<ReadonlyMap<string, LookedUp>> {
    const parts = await Promise.all(wanted.map((part) => this.lookUpPart(part)));
    const answers = new Map<string, LookedUp>();
    for (const [key, answer] of parts.flat()) answers.set(key, united(answers.get(key), answer));
    return answers;
  }

  private async lookUpPart({ munchkinId, leadIds, fields }: WantedLeads): Promise<[string, LookedUp][]> {
    const rounds = this.rounds.get(instanceKey(munchkinId));
    const ids = leadIds.filter(isLeadId);
    const answers = rounds === undefined || ids.length === 0 ? undefined : await rounds.ask(ids, fields);
    const absent = { kind: rounds === undefined ? 'nobody' : 'absent' } as const;
    return leadIds.map((id) => [`${munchkinId}/${id}`, picked(answers?.get(id) ?? absent, fields)]);
  }
}

function isLeadId(text: string): boolean {
  return LEAD_ID.test(text) && Number(text) <= HIGHEST_ID;
}

/** Without the fields that others asked for in the same round. */
function picked(answer: LookedUp, fields: readonly string[]): LookedUp {
  if (answer.kind !== 'found') return answer;
  return { kind: 'found', fields: Object.fromEntries(fields.map((field) => [field, answer.fields[field]])) };
}

/** Of a lead that was asked for twice in one go. */
function united(one: LookedUp | undefined, other: LookedUp): LookedUp {
  if (one?.kind !== 'found' || other.kind !== 'found') return other;
  const fields: JsonObject = { ...one.fields, ...other.fields };
  return { kind: 'found', fields };
}
