/** A field that leads can have, as a describe call tells of it. */
export interface LeadField {
  /** The name in the REST API. */
  readonly name: string;
  readonly displayName: string;
  readonly dataType: string;
  readonly readOnly?: boolean;
}

function field(displayName: string, name: string, dataType = 'string', readOnly = false): LeadField {
  return { name, displayName, dataType, readOnly };
}

/** What every instance has, as far as it matters here. */
export const STANDARD_FIELDS: readonly LeadField[] = [
  field('Id', 'id', 'integer', true),
  field('Email Address', 'email', 'email'),
  field('First Name', 'firstName'),
  field('Last Name', 'lastName'),
  field('Salutation', 'salutation'),
  field('Job Title', 'title'),
  field('Phone Number', 'phone', 'phone'),
  field('Mobile Phone Number', 'mobilePhone', 'phone'),
  field('Address', 'address', 'text'),
  field('City', 'city'),
  field('State', 'state'),
  field('Postal Code', 'postalCode'),
  field('Country', 'country'),
  field('Company Name', 'company'),
  field('Industry', 'industry'),
  field('Num Employees', 'numberOfEmployees', 'integer'),
  field('Annual Revenue', 'annualRevenue', 'currency'),
  field('Website', 'website', 'url'),
  field('Lead Source', 'leadSource'),
  field('Lead Status', 'leadStatus'),
  field('Lead Score', 'leadScore', 'integer'),
  field('Lead Rating', 'rating'),
  field('Unsubscribed', 'unsubscribed', 'boolean'),
  field('Unsubscribed Reason', 'unsubscribedReason', 'text'),
  field('Email Invalid', 'emailInvalid', 'boolean'),
  field('Do Not Call', 'doNotCall', 'boolean'),
  field('Black Listed', 'blackListed', 'boolean'),
  field('Marketing Suspended', 'marketingSuspended', 'boolean'),
  field('SFDC Type', 'sfdcType', 'string', true),
  field('SFDC Lead Id', 'sfdcLeadId', 'string', true),
  field('Original Source Type', 'originalSourceType', 'string', true),
  field('Created At', 'createdAt', 'datetime', true),
  field('Updated At', 'updatedAt', 'datetime', true),
];

/** A row of an answer to a describe call. */
export function describedField({ name, displayName, dataType, readOnly = false }: LeadField, index: number) {
  return { id: index + 1, displayName, dataType, rest: { name, readOnly }, soap: { name, readOnly } };
}
