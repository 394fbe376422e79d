import type { StaticAnalysis } from 'liquidjs';
import type { MarketoToken } from './marketo-tokens.js';

/** Names of fields of the lead, each once; `all` when any may be meant: the whole lead, or a name that is worked out. */
export type LeadFields = readonly string[] | 'all';

/** The fields of the lead that a template reads, in its own words and through Marketo's tokens. */
export function leadFieldsIn({ globals }: StaticAnalysis, tokens: readonly MarketoToken[]): LeadFields {
  const byToken = tokens.flatMap(({ leadField }) => leadField ?? []);
  const uses = Object.values(globals)
    .flat()
    .filter(({ segments }) => segments[0] === 'lead');
  const byName: string[] = [];
  for (const { segments } of uses) {
    const [, field] = segments;
    if (typeof field !== 'string') return 'all';
    byName.push(field);
  }
  return [...new Set([...byToken, ...byName])];
}

export function allLeadFields(several: readonly LeadFields[]): LeadFields {
  const names = new Set<string>();
  for (const fields of several) {
    if (fields === 'all') return 'all';
    for (const field of fields) names.add(field);
  }
  return [...names];
}
