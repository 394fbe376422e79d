import { anEvent } from '../../../test/pure/engine/samples.js';
import { canonicalField } from '../../catalogue/lead-field-names.js';
import { tellsOf } from './lead-fields.js';

describe('the canonical name of a field', () => {
  it.each([
    ['leadscore', ['Lead Score', 'leadScore', 'lead_score', 'LEADSCORE']],
    ['email', ['Email Address', 'email', 'emailAddress']],
    ['phone', ['Phone Number', 'phone']],
    ['mobilephone', ['Mobile Phone Number', 'Mobile Phone', 'mobilePhone']],
    ['company', ['Company Name', 'company']],
    ['title', ['Job Title', 'title']],
    ['billingstreet', ['Billing Address', 'billingStreet']],
    ['numberofemployees', ['Num Employees', 'numberOfEmployees']],
    ['leadrole', ['Role', 'leadRole']],
    ['rating', ['Lead Rating', 'rating']],
    ['jigsawcontactid', ['Marketo Data.com ID', 'jigsawContactId']],
    ['siccode', ['SIC Code', 'sicCode']],
    ['größe', ['Größe', 'GRÖSSE'.replace('SS', 'ß')]],
    ['', ['', ' ', '--']],
  ])('%s: %j', (canonical, names) => {
    expect(names.map(canonicalField)).toEqual(names.map(() => canonical));
  });

  it('is its own canonical name', () => {
    for (const name of ['Email Address', 'Role', 'Lead Score'])
      expect(canonicalField(canonicalField(name))).toBe(canonicalField(name));
  });
});

describe('what an event tells of its person', () => {
  it('is the members of data.lead', () => {
    const event = anEvent({
      data: { lead: { 'Email Address': 'a@b.example', leadScore: 7, state: null, '-': 1 } },
    });
    expect([...tellsOf(event)]).toEqual([
      ['email', 'a@b.example'],
      ['leadscore', 7],
      ['state', null],
    ]);
  });

  it.each([
    [
      'marketo.activity.changedatavalue',
      { 'Attribute Name': 'Job Title', 'New Value': 'CEO' },
      ['title', 'CEO'],
    ],
    [
      'marketo.activity.changedatavalue',
      { 'Attribute Name': 'Job Title', 'Old Value': 'CEO' },
      ['title', null],
    ],
    ['marketo.activity.changescore', { 'Score Name': 'Lead Score', 'New Value': 10 }, ['leadscore', 10]],
  ])('is the field that %s names with %j', (type, attributes, expected) => {
    expect([...tellsOf(anEvent({ type, attributes }))]).toEqual([expected]);
  });

  it('is nothing for other events, nor what a new lead says of how it came', () => {
    const attributes = {
      'Source Type': 'Web form fillout',
      'Lead Source': 'Web',
      'Created Date': '2026-01-31',
    };
    expect(tellsOf(anEvent({ type: 'marketo.activity.newlead', attributes })).size).toBe(0);
    expect(tellsOf(anEvent({ data: { lead: 'none' } })).size).toBe(0);
  });
});
