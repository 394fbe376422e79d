import { camelCase, leadOf } from './lead.js';
import { anEvent } from '../../../test/pure/engine/samples.js';

describe('the lead that an event carries', () => {
  it('has the id and the fields of data.lead', () => {
    const event = anEvent({ leadId: '7', data: { lead: { state: 'CA' } } });
    expect(leadOf(event, undefined)).toEqual({ id: '7', state: 'CA' });
  });

  it.each([
    ['marketo.activity.changedatavalue', { 'Attribute Name': 'Lead Score', 'New Value': '10' }, '10'],
    ['marketo.activity.changescore', { 'Score Name': 'Lead Score', 'New Value': 10 }, 10],
    ['marketo.activity.changedatavalue', { 'Attribute Name': 'Lead Score' }, null],
  ])('has the field that %s tells of, under both names', (type, attributes, value) => {
    expect(leadOf(anEvent({ type, attributes }), undefined)).toEqual({
      'Lead Score': value,
      leadScore: value,
    });
  });

  it('finds the field in the primary attribute when no attribute names it', () => {
    const event = anEvent({
      type: 'marketo.activity.changedatavalue',
      data: { primaryAttributeValue: 'Country' },
      attributes: { 'New Value': 'Spain' },
    });
    expect(leadOf(event, undefined)).toEqual({ Country: 'Spain', country: 'Spain' });
  });

  it('lays what the event carries over what was known', () => {
    const event = anEvent({ leadId: '7', data: { lead: { state: 'CA' } } });
    expect(leadOf(event, { state: 'NY', country: 'US' })).toEqual({ id: '7', state: 'CA', country: 'US' });
  });

  it('cannot be given a prototype by a field name', () => {
    const attributes = { 'Attribute Name': '__proto__', 'New Value': { admin: true } };
    const lead = leadOf(anEvent({ type: 'marketo.activity.changedatavalue', attributes }), undefined);
    expect(Object.getPrototypeOf(lead)).toBe(Object.prototype);
    expect(lead['admin']).toBeUndefined();
  });
});

describe('camelCase', () => {
  it.each([
    ['Lead Score', 'leadScore'],
    ['SFDC Type', 'sfdcType'],
    ['Is Customer', 'isCustomer'],
    ['Country', 'country'],
    ['leadScore', 'leadScore'],
    ['', ''],
  ])('%s: %s', (name, expected) => {
    expect(camelCase(name)).toBe(expected);
  });
});
