import { Ajv } from 'ajv';
import type { DoneEffect } from '../../contracts/action-kind.js';
import { RENDERING_KEYWORDS } from '../../contracts/action-kind.js';
import type { JsonObject } from '../../contracts/json.js';
import { marketoSchemas } from './marketo.params.js';

const ajv = new Ajv({ allowUnionTypes: true, strictRequired: false });
for (const keyword of RENDERING_KEYWORDS) ajv.addKeyword(keyword);

function schemaOf(name: string) {
  const schema = marketoSchemas.find(({ type }) => type === `marketo.${name}`);
  if (schema === undefined) throw new Error(`no schema for ${name}`);
  return schema;
}
const accepts = (name: string, params: JsonObject): boolean => ajv.validate(schemaOf(name).params, params);

const fields = { email: '{{ data.email }}', score: 5 };

describe('the parameters of actions in Marketo', () => {
  it.each<[string, JsonObject]>([
    ['syncLead', { fields, partition: 'Europe' }],
    ['pushLead', { program: 'Launch', fields }],
    [
      'pushLead',
      {
        program: 'Launch',
        fields,
        lookupField: 'email',
        status: 'Member',
        source: 's',
        reason: 'r',
        partition: 'p',
      },
    ],
    ['scheduleCampaign', { campaign: 7 }],
    ['scheduleCampaign', { campaign: '{{ data.id }}', runAt: '2h', cloneToProgramName: 'Clone' }],
    ['scheduleCampaign', { campaign: 7, runAt: '2026-12-24T08:00:00+01:00', tokens: { 'my.a': 'b' } }],
    ['scheduleCampaign', { campaign: 7, runAt: '{{ data.when }}' }],
    ['changeProgramStatus', { program: 3001, lead: '{{ leadId }}', status: 'Attended' }],
    ['addCustomActivity', { lead: 7, activityType: 100001, primaryValue: '{{trigger.Name}}' }],
    [
      'addCustomActivity',
      { lead: 7, activityType: 1, primaryValue: 'v', attributes: { uRL: 'u', n: 1 }, at: '{{ time }}' },
    ],
  ])('%s takes %j', (name, params) => {
    expect(accepts(name, params)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['pushLead', { fields }],
    ['pushLead', { program: '', fields }],
    ['pushLead', { program: 'Launch', fields: {} }],
    ['pushLead', { program: 'Launch', lead: 7 }],
    ['scheduleCampaign', { campaign: 7, lead: 8 }],
    ['scheduleCampaign', { campaign: 7, runAt: 'tomorrow' }],
    ['scheduleCampaign', { campaign: 7, tokens: { 'lead.Email': 'x' } }],
    ['changeProgramStatus', { program: 'Webinar', lead: 7, status: 'Attended' }],
    ['changeProgramStatus', { program: 1, lead: 7 }],
    ['addCustomActivity', { lead: 7, activityType: 1 }],
    ['addCustomActivity', { lead: 7, activityType: 1, primaryValue: 'v', attributes: { 'a b': 1 } }],
    ['addCustomActivity', { lead: 7, activityType: 1, primaryValue: 'v', attributes: { a: { b: 1 } } }],
  ])('%s refuses %j', (name, params) => {
    expect(accepts(name, params)).toBe(false);
  });

  it('a custom activity happened when the event did, unless told otherwise', () => {
    const event = { time: '2026-01-02T03:04:05.678Z' } as never;
    expect(schemaOf('addCustomActivity').defaults?.(event, {} as never)).toEqual({
      at: '2026-01-02T03:04:05.678Z',
    });
  });
});

describe('taking back', () => {
  const list = { list: 1001, lead: 7 };
  const score = { lead: '7', field: 'leadScore', change: 5 };
  it.each<[string, DoneEffect, object]>([
    [
      'addToList',
      { params: list, plan: { member: false } },
      { type: 'marketo.removeFromList', params: list },
    ],
    ['removeFromList', { params: list, plan: { member: true } }, { type: 'marketo.addToList', params: list }],
    [
      'changeScore',
      { params: score, plan: { from: 40, to: 45 } },
      { type: 'marketo.changeScore', params: { ...score, change: -5 } },
    ],
  ])('%s of %j', (name, done, expected) => {
    expect(schemaOf(name).takeBack?.(done)).toEqual(expected);
  });

  it.each<[string, DoneEffect, string]>([
    [
      'addToList',
      { params: list, plan: { member: true } },
      'The lead was in the list before: nothing was changed.',
    ],
    ['addToList', { params: list }, 'It is not known whether the lead was in the list before.'],
    ['removeFromList', { params: list, plan: { member: false } }, 'The lead was not in the list before'],
    ['changeScore', { params: score }, 'It is not known by how much'],
    ['syncLead', { params: { fields } }, 'The values that the fields had before are not known.'],
    ['pushLead', { params: { fields } }, 'A lead that was pushed'],
    ['requestCampaign', { params: {} }, 'What a campaign has done'],
    ['scheduleCampaign', { params: {} }, 'can be stopped only in Marketo'],
    ['changeProgramStatus', { params: {} }, 'The status that the lead had before is not known'],
    ['addCustomActivity', { params: {} }, 'Marketo keeps activities for good.'],
  ])('is not possible for %s of %j', (name, done, sentence) => {
    expect(schemaOf(name).takeBack?.(done)).toEqual({ cannot: expect.stringContaining(sentence) as string });
  });
});
