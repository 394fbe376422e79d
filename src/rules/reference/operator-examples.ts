/** Fact, path, and value: with the operator between them, one whole comparison. */
type Example = readonly [fact: string, path: string, value: unknown];

/** For each operator an example; the reference has a line for each of them. */
export const OPERATOR_EXAMPLES: Readonly<Record<string, Example>> = {
  equal: ['lead', '$.country', 'Norway'],
  notEqual: ['lead', '$.country', 'Norway'],
  in: ['lead', '$.country', ['Norway', 'Sweden']],
  notIn: ['lead', '$.country', ['Norway', 'Sweden']],
  contains: ['data', '$.eventAction.serviceNames', 'crm-sync'],
  doesNotContain: ['data', '$.eventAction.serviceNames', 'crm-sync'],
  lessThan: ['lead', '$.leadScore', 50],
  lessThanInclusive: ['lead', '$.leadScore', 50],
  greaterThan: ['lead', '$.leadScore', 50],
  greaterThanInclusive: ['data', '$.eventAction.percent', 80],
  exists: ['lead', '$.email', true],
  isEmpty: ['lead', '$.state', true],
  equalIgnoreCase: ['lead', '$.country', 'norway'],
  startsWith: ['attributes', "$['Webpage URL']", '/pricing'],
  endsWith: ['lead', '$.email', '@acme.example'],
  containsText: ['data', '$.primaryAttributeValue', 'Webinar'],
  matches: ['lead', '$.email', '(?i)^(info|sales)@'],
  inList: ['lead', '$.company', 'competitors'],
  between: ['lead', '$.leadScore', [50, 99]],
  before: ['lead', '$.createdAt', '2026-01-31'],
  after: ['lead', '$.createdAt', '2026-01-31T09:00:00Z'],
  olderThan: ['lead', '$.createdAt', '90d'],
  newerThan: ['lead', '$.createdAt', '24h'],
};

/** For each decorator the operator that it stands before, and an example. */
export const DECORATOR_EXAMPLES: Readonly<Record<string, readonly [operator: string, ...Example]>> = {
  someFact: ['startsWith', 'data', '$.eventAction.serviceNames', 'crm'],
  everyFact: ['startsWith', 'data', '$.eventAction.serviceNames', 'crm'],
  someValue: ['containsText', 'data', '$.primaryAttributeValue', ['Demo', 'Trial']],
  everyValue: ['containsText', 'data', '$.primaryAttributeValue', ['Demo', 'Request']],
  swap: ['contains', 'lead', '$.country', ['Norway', 'Sweden']],
  not: ['startsWith', 'lead', '$.email', 'test@'],
};

export function comparison(operator: string, [fact, path, value]: Example): string {
  const members = { fact, path, operator, value };
  const written = Object.entries(members).map(([name, each]) => `"${name}": ${oneLine(each)}`);
  return `{ ${written.join(', ')} }`;
}

function oneLine(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(oneLine).join(', ')}]` : JSON.stringify(value);
}
