/** Marketo's standard fields whose display name is not their REST name with spaces: the one, then the other. */
const REST_NAMES: ReadonlyMap<string, string> = new Map(
  [
    ['Billing Address', 'billingStreet'],
    ['Company Name', 'company'],
    ['Email Address', 'email'],
    ['Fax Number', 'fax'],
    ['Job Title', 'title'],
    ['Lead Rating', 'rating'],
    ['Marketo Data.com ID', 'jigsawContactId'],
    ['Marketo Data.com Status', 'jigsawContactStatus'],
    ['Mobile Phone Number', 'mobilePhone'],
    ['Num Employees', 'numberOfEmployees'],
    ['Phone Number', 'phone'],
    ['Role', 'leadRole'],
  ].map(([displayName = '', restName = '']) => [plainName(displayName), plainName(restName)]),
);

/**
 * One name for a field of a person, however people or Marketo write it: `Lead Score`, `leadScore` and `lead_score` are
 * `leadscore`, `Email Address` is `email`. Empty for a text without a letter or digit.
 */
export function canonicalField(name: string): string {
  const plain = plainName(name);
  return REST_NAMES.get(plain) ?? plain;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
