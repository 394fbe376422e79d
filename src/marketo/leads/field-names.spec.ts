import fc from 'fast-check';
import { FieldNames } from './field-names.js';

const FIELDS = [
  { restName: 'id', displayName: 'Id' },
  { restName: 'company', displayName: 'Company Name' },
  { restName: 'companyName', displayName: 'Legal Name' },
  { restName: 'sfdcType', displayName: 'SFDC Type' },
  { restName: 'utm_source__c', displayName: 'UTM Source' },
  { restName: 'ville', displayName: 'Préférée' },
];

describe('names of fields', () => {
  it.each([
    ['company', 'company'],
    ['Company', 'company'],
    ['Company Name', 'company'],
    ['companyName', 'companyName'],
    ['company name', 'companyName'],
    ['legal-name', 'companyName'],
    ['SFDC TYPE', 'sfdcType'],
    ['utmSource', 'utm_source__c'],
    ['utm_source__c', 'utm_source__c'],
    ['UTMSOURCEC', 'utm_source__c'],
    ['préférée', 'ville'],
    ['preferee', undefined],
    ['Favorite Color', undefined],
    ['', undefined],
    [' - ', undefined],
    ['__proto__', undefined],
  ])('%s: %s', (name, restName) => {
    expect(new FieldNames(FIELDS).find(name)).toBe(restName);
  });

  it('finds no field by its name any more when it was removed, and the others as before', () => {
    const names = new FieldNames(FIELDS);
    names.remove('company');
    expect(['company', 'Company Name', 'companyName'].map((name) => names.find(name))).toEqual([
      undefined,
      undefined,
      'companyName',
    ]);
  });

  it('finds every field by its REST name, whatever the others are called', () => {
    const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,5}$/);
    const field = fc.record({ restName: word, displayName: fc.oneof(word, fc.string()) });
    fc.assert(
      fc.property(fc.uniqueArray(field, { selector: ({ restName }) => restName }), (fields) => {
        const names = new FieldNames(fields);
        for (const { restName } of fields) expect(names.find(restName)).toBe(restName);
        for (const { displayName } of fields)
          if (/[a-z0-9]/i.test(displayName)) expect(names.find(displayName)).toBeDefined();
      }),
    );
  });
});
