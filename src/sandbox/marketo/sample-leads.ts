import type { LeadFields, MarketoInstance } from './instance.js';

const US = { country: 'United States', company: 'Acme' };

/** What is known of the leads that the samples speak of. */
const SAMPLE_LEADS: ReadonlyMap<number, LeadFields> = new Map([
  [318, { ...US, state: 'CA', title: 'Director' }],
  [319, { ...US, title: 'Manager' }],
  [320, { country: 'Switzerland', company: 'Acme' }],
  [901, US],
  [902, { country: 'Germany', company: 'Acme' }],
]);

export function addSampleLeads(instance: MarketoInstance): void {
  for (const [id, fields] of SAMPLE_LEADS) instance.setLead(id, fields);
}
