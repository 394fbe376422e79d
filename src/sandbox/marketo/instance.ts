import type { Clock } from '../../contracts/clock.js';
import { ReceivedLog } from '../received-log.js';
import { type LeadField, STANDARD_FIELDS } from './lead-fields.js';

export type LeadValue = string | number | boolean | null;
export type LeadFields = Readonly<Record<string, LeadValue>>;

export interface CampaignRequest {
  readonly receivedAt: string;
  readonly campaignId: number;
  readonly leadIds: readonly number[];
  readonly tokens: readonly { readonly name: string; readonly value: string }[];
}

export interface ScheduledCampaign extends Omit<CampaignRequest, 'leadIds'> {
  /** As it was asked for; Marketo takes five minutes later unless it is. */
  readonly runAt?: string;
  readonly cloneToProgramName?: string;
}

export interface CustomActivity {
  readonly id: number;
  readonly leadId: number;
  readonly activityTypeId: number;
  readonly activityDate: string;
  readonly primaryAttributeValue: string;
  readonly attributes: readonly {
    readonly name?: string;
    readonly apiName?: string;
    readonly value: LeadValue;
  }[];
}

export interface PushedLead {
  readonly leadId: number;
  readonly programName: string;
  readonly source?: string;
  readonly reason?: string;
}

const FIRST_NEW_LEAD = 5_000_001;

/**
 * What a Marketo instance knows. Every lead id, list and campaign exists unless it is named as missing, and a
 * lead takes any field, so that nothing has to be set up before a rule can act. Only fields that are there can be read.
 */
export class MarketoInstance {
  readonly missingLeads = new Set<number>();
  readonly missingLists = new Set<number>();
  /** Campaigns that cannot be requested because they are batch campaigns. */
  readonly batchCampaigns = new Set<number>();
  /** Fields that this instance has not, whatever else says that it has. */
  readonly missingFields = new Set<string>();
  /** Fields beside those that every instance has. One that a lead was given is there as well. */
  readonly customFields: LeadField[] = [];
  /** Statuses that no program has. */
  readonly missingStatuses = new Set<string>();
  readonly campaignRequests = new ReceivedLog<CampaignRequest>();
  readonly scheduledCampaigns = new ReceivedLog<ScheduledCampaign>();
  readonly activities = new ReceivedLog<CustomActivity>();
  readonly pushedLeads = new ReceivedLog<PushedLead>();
  private readonly leads = new Map<number, LeadFields>();
  private readonly givenFields = new Set<string>();
  private readonly lists = new Map<number, Set<number>>();
  private readonly programs = new Map<number, Map<number, string>>();
  private nextLead = FIRST_NEW_LEAD;

  constructor(private readonly clock: Clock) {}

  /** The lead's fields, or undefined when it is missing. */
  lead(id: number): LeadFields | undefined {
    if (this.missingLeads.has(id)) return undefined;
    const known = this.leads.get(id);
    if (known !== undefined) return known;
    const now = this.timestamp();
    const fresh: LeadFields = { id, email: `lead-${id}@acme.example`, createdAt: now, updatedAt: now };
    this.leads.set(id, fresh);
    return fresh;
  }

  /** Sets fields of a lead, which exists from now on. */
  setLead(id: number, fields: LeadFields): void {
    this.missingLeads.delete(id);
    for (const name of Object.keys(fields)) this.givenFields.add(name);
    this.leads.set(id, { ...this.lead(id), ...fields, id, updatedAt: this.timestamp() });
  }

  /** Makes a new lead and returns its id. */
  createLead(fields: LeadFields): number {
    const id = this.nextLead++;
    this.setLead(id, fields);
    return id;
  }

  /** Ids of the leads that hold the value in the field; by id, every lead that is not missing. */
  findLeads(field: string, value: LeadValue): readonly number[] {
    const wanted = String(value).toLowerCase();
    if (field === 'id') {
      const id = Number(value);
      return Number.isSafeInteger(id) && id > 0 && !this.missingLeads.has(id) ? [id] : [];
    }
    const known = [...this.leads].filter(([id]) => !this.missingLeads.has(id));
    return known
      .filter(([, fields]) => fields[field] != null && String(fields[field]).toLowerCase() === wanted)
      .map(([id]) => id);
  }

  /** Every field that leads can have. */
  fields(): readonly LeadField[] {
    const described = [...STANDARD_FIELDS, ...this.customFields];
    const names = new Set(described.map(({ name }) => name));
    const others = [...this.givenFields].filter((name) => !names.has(name));
    const undescribed = others.map((name) => ({ name, displayName: name, dataType: 'string' }));
    return [...described, ...undescribed].filter(({ name }) => !this.missingFields.has(name));
  }

  /** The members of a list, to be read and changed. */
  list(id: number): Set<number> {
    const members = this.lists.get(id) ?? new Set<number>();
    this.lists.set(id, members);
    return members;
  }

  /** Members by list id, for people and tests. */
  allLists(): ReadonlyMap<number, ReadonlySet<number>> {
    return this.lists;
  }

  /** The members of a program and their statuses, to be read and changed. */
  program(id: number): Map<number, string> {
    const members = this.programs.get(id) ?? new Map<number, string>();
    this.programs.set(id, members);
    return members;
  }

  timestamp(): string {
    return `${new Date(this.clock.now()).toISOString().slice(0, 19)}Z`;
  }

  clear(): void {
    for (const set of [this.missingLeads, this.missingLists, this.batchCampaigns]) set.clear();
    for (const set of [this.missingFields, this.missingStatuses]) set.clear();
    this.customFields.length = 0;
    for (const log of [this.campaignRequests, this.scheduledCampaigns, this.activities, this.pushedLeads])
      log.clear();
    this.programs.clear();
    this.leads.clear();
    this.givenFields.clear();
    this.lists.clear();
  }
}
