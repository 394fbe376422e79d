import { Ajv } from 'ajv';
import { RENDERING_KEYWORDS } from '../contracts/action-kind.js';
import { ACTION_SCHEMAS } from './action-schemas.js';

const ajv = new Ajv({ allowUnionTypes: true, strictRequired: false });
for (const keyword of RENDERING_KEYWORDS) ajv.addKeyword(keyword);

function accepts(type: string, params: unknown): boolean {
  const schema = ACTION_SCHEMAS.get(type);
  if (schema === undefined) throw new Error(`no schema for ${type}`);
  return ajv.validate(schema.params, params);
}

describe('the parameters of an action, as authors write them', () => {
  it.each([
    ['slack', { to: 'ops', text: 'Lead {{ leadId }}' }],
    ['slack', { to: 'ops', blocks: [{ type: 'divider' }], channel: '#ops' }],
    ['email', { to: 'oncall', subject: 's', text: 't' }],
    ['email', { to: 'oncall', subject: 's', html: '<b>t</b>' }],
    ['webhook', { to: 'receiver' }],
    ['webhook', { to: 'receiver', body: [1, { a: '{{ leadId }}' }] }],
    ['emit', { type: 'acme.lead.hot' }],
    ['emit', { type: 'signalmanlike', subject: 's {{ leadId }}', data: { a: [{ b: '{{ leadId }}' }, 1] } }],
    ['marketo.addToList', { list: 1001, lead: '{{ leadId }}' }],
    ['marketo.removeFromList', { list: '1001', lead: 7, to: 'marketo' }],
    [
      'marketo.syncLead',
      { fields: { email: 'a@acme.example', leadScore: 1, unsubscribed: false, city: null } },
    ],
    ['marketo.syncLead', { fields: { id: 7 }, lookupField: 'id', action: 'updateOnly' }],
    ['marketo.changeScore', { lead: '{{ leadId }}', field: 'leadScore', change: -5 }],
    ['marketo.changeScore', { lead: 7, field: 'leadScore', change: '+5' }],
    ['marketo.requestCampaign', { campaign: 3712, lead: 7, tokens: { 'my.message': '{{ leadId }}' } }],
  ])('accepts %s %j', (type, params) => {
    expect(accepts(type, params)).toBe(true);
  });

  it.each([
    ['slack', { text: 'no connection' }],
    ['slack', { to: 'ops' }],
    ['slack', { to: 'https://hooks.slack.com/services/x', text: 't' }],
    ['slack', { to: 'ops', text: 't', txet: 't' }],
    ['email', { to: 'oncall', subject: 's' }],
    ['webhook', { to: 'receiver', url: 'https://acme.example' }],
    ['emit', {}],
    ['emit', { type: 'signalman.schedule' }],
    ['emit', { type: 'marketo.activity.newlead' }],
    ['emit', { type: 'com.adobe.platform.marketo.x' }],
    ['emit', { type: 'acme.{{ leadId }}' }],
    ['emit', { type: 'acme.lead.hot', to: 'ops' }],
    ['emit', { type: 'acme.lead.hot', data: 'x' }],
    ['emit', { type: 'acme.lead.hot', from: { depth: 0, time: '2026-01-02T03:04:05Z' } }],
    ['marketo.addToList', { list: 'my list', lead: 7 }],
    ['marketo.addToList', { list: 0, lead: 7 }],
    ['marketo.changeScore', { lead: 7, field: 'lead score', change: 1 }],
    ['marketo.changeScore', { lead: 7, field: 'leadScore', change: 1.5 }],
    ['marketo.syncLead', { fields: {} }],
    ['marketo.syncLead', { fields: { email: 'a' }, action: 'createDuplicate' }],
    ['marketo.requestCampaign', { campaign: 1, lead: 7, tokens: { 'lead.Email': 'x' } }],
  ])('refuses %s %j', (type, params) => {
    expect(accepts(type, params)).toBe(false);
  });

  it('describes every kind and every parameter, and closes every object', () => {
    for (const schema of ACTION_SCHEMAS.values()) {
      expect(schema.description).toMatch(/\.$/);
      expect(schema.params).toMatchObject({ type: 'object', additionalProperties: false });
      for (const member of Object.values(schema.params['properties'] as Record<string, object>)) {
        expect(member).toHaveProperty('description');
      }
    }
  });

  it('gives a webhook without a body the event and the rule', () => {
    const event = { id: 'a:1', type: 'marketo.activity.clicklink', time: '2026-01-02T03:04:05Z' } as never;
    const rule = { id: 'leads/a', description: 'd', owner: 'not told' };
    expect(ACTION_SCHEMAS.get('webhook')?.defaults?.(event, rule)).toEqual({
      body: {
        type: 'marketo.activity.clicklink',
        timestamp: '2026-01-02T03:04:05Z',
        data: { event, rule: { id: 'leads/a', description: 'd' } },
      },
    });
  });
});
