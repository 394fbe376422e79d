import type { Attempt } from '../../../src/actions/action.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';
import { attemptAt, effectOf, failureOf } from '../../support/attempts.js';
import { openActions } from '../../support/open-actions.js';

describe('the marketo actions', () => {
  const marketo = new MarketoStandIn('123-ABC-456', { clientId: 'client', clientSecret: 's3cret' });
  const { actions, close } = openActions({ now: () => Date.now() });

  beforeAll(() => marketo.listen('127.0.0.1', 0));
  afterEach(() => {
    expect(marketo.violations.all()).toEqual([]);
    marketo.clear();
  });
  afterAll(async () => {
    await close();
    await marketo.close();
  });

  const attempt = (type: string, params: JsonObject): Attempt =>
    attemptAt(marketo.destination(), effectOf(type, params));
  const send = (type: string, params: JsonObject) => actions.get(type).send(attempt(type, params));
  const refused = (type: string, params: JsonObject) => failureOf(send(type, params));

  describe('on lists', () => {
    it('adds a lead by ids as numbers or as text, also twice', async () => {
      expect(await send('marketo.addToList', { list: 1001, lead: ' 7 ' })).toEqual({
        summary: 'lead 7, list 1001: added (7)',
        data: { id: 7 },
      });
      await send('marketo.addToList', { list: '1001', lead: 7 });
      expect([...marketo.instance.list(1001)]).toEqual([7]);
    });

    it('removes a lead, and is content when it was not there', async () => {
      await send('marketo.addToList', { list: 1001, lead: 7 });
      expect((await send('marketo.removeFromList', { list: 1001, lead: 7 })).summary).toContain('removed');
      expect((await send('marketo.removeFromList', { list: 1001, lead: 7 })).summary).toBe(
        'lead 7, list 1001: skipped, 1015 Lead not in list',
      );
      expect(marketo.instance.list(1001).size).toBe(0);
    });

    it('names code and message when the lead is skipped', async () => {
      marketo.instance.missingLeads.add(8);
      const failure = await refused('marketo.addToList', { list: 1001, lead: 8 });
      expect(failure).toMatchObject({ code: 'marketo.1004', retry: { kind: 'never' } });
      expect(failure.message).toBe('lead 8, list 1001: skipped, 1004 Lead not found');
    });

    it('takes the reason of a skipped row for what it is', async () => {
      const row = { status: 'skipped', reasons: [{ code: '1022', message: 'Object in use' }] };
      await send('marketo.addToList', { list: 1001, lead: 7 });
      marketo.failNext({ httpStatus: 200, body: JSON.stringify({ success: true, result: [row] }) });
      expect(await refused('marketo.addToList', { list: 1, lead: 7 })).toMatchObject({
        code: 'marketo.1022',
        retry: { kind: 'at' },
      });
      marketo.failNext({ httpStatus: 200, body: JSON.stringify({ success: true, result: [] }) });
      expect(await refused('marketo.addToList', { list: 1, lead: 7 })).toMatchObject({
        code: 'marketo.no_result',
        outcomeUnknown: true,
      });
    });

    it.each(['', 'null', '7; DROP', '7/../8', '-1', '0', 1.5, null, undefined, '１'])(
      'refuses the lead id %j before any call',
      async (lead) => {
        const failure = await refused('marketo.addToList', { list: 1001, lead });
        expect(failure).toMatchObject({ code: 'params.not_an_id', retry: { kind: 'never' } });
        expect(failure.message).toContain(lead === undefined ? 'missing' : JSON.stringify(lead));
        expect(marketo.requests.size).toBe(0);
      },
    );
  });

  describe('syncLead', () => {
    it('creates by e-mail and then updates', async () => {
      const params = { fields: { email: 'ada@acme.example', leadScore: 5 } };
      expect((await send('marketo.syncLead', params)).summary).toMatch(/^lead by email: created \(\d+\)$/);
      expect((await send('marketo.syncLead', params)).summary).toMatch(/^lead by email: updated \(\d+\)$/);
      expect(marketo.instance.findLeads('email', 'ada@acme.example')).toHaveLength(1);
    });

    it('updates by id, which may be text', async () => {
      await send('marketo.syncLead', { lookupField: 'id', fields: { id: '7', city: 'Oslo' } });
      expect(marketo.instance.lead(7)).toMatchObject({ id: 7, city: 'Oslo' });
      expect(marketo.calls.last?.body).toMatchObject({ action: 'updateOnly', lookupField: 'id' });
    });

    it('is content with a lead that a first attempt of createOnly made', async () => {
      const params = { action: 'createOnly', fields: { email: 'bob@acme.example' } };
      await send('marketo.syncLead', params);
      expect((await send('marketo.syncLead', params)).summary).toContain('1005 Lead already exists');
    });

    it.each([
      ['a field that does not exist', { fields: { email: 'a@acme.example', shoeSize: 7 } }, 'marketo.1006'],
      ['an e-mail address that is none', { fields: { email: 'bademail' } }, 'marketo.1003'],
      [
        'a lead to update that is not there',
        { action: 'updateOnly', fields: { email: 'x@y.example' } },
        'marketo.1004',
      ],
      ['an empty look-up field', { fields: { email: '', city: 'Oslo' } }, 'params.lookup_field'],
      ['a missing look-up field', { lookupField: 'id', fields: { city: 'Oslo' } }, 'params.lookup_field'],
      ['fields that are no values', { fields: { email: { a: 1 } } }, 'params.invalid'],
    ])('refuses %s', async (_name, params, code) => {
      marketo.instance.missingFields.add('shoeSize');
      expect(await refused('marketo.syncLead', params)).toMatchObject({ code, retry: { kind: 'never' } });
    });
  });

  describe('changeScore', () => {
    const type = 'marketo.changeScore';
    const plan = async (params: JsonObject) => {
      const action = actions.get(type);
      if (!action.plan) throw new Error('no plan');
      return action.plan(attempt(type, params));
    };

    it('plans from what the lead has and writes that value, also when it is sent again', async () => {
      marketo.instance.setLead(7, { leadScore: 40 });
      const params = { lead: 7, field: 'leadScore', change: '-15' };
      const planned = await plan(params);
      expect(planned).toEqual({ from: 40, to: 25 });
      for (let i = 0; i < 2; i += 1) {
        const receipt = await actions.get(type).send({ ...attempt(type, params), plan: planned });
        expect(receipt.summary).toBe('lead 7, leadScore 40 → 25: updated (7)');
      }
      expect(marketo.instance.lead(7)).toMatchObject({ leadScore: 25 });
    });

    it('starts from 0 where there is no score yet, and reads a score that is text', async () => {
      expect(await plan({ lead: 7, field: 'leadScore', change: 5 })).toEqual({ from: 0, to: 5 });
      marketo.instance.setLead(7, { leadScore: '12' });
      expect(await plan({ lead: 7, field: 'leadScore', change: '+5' })).toEqual({ from: 12, to: 17 });
    });

    it.each([
      ['a lead that is not there', { lead: 8, field: 'leadScore', change: 5 }, 'marketo.1004'],
      ['a field that does not exist', { lead: 7, field: 'shoeSize', change: 5 }, 'marketo.1006'],
      ['a field that is no score', { lead: 7, field: 'city', change: 5 }, 'marketo.not_a_score'],
      ['points that are no number', { lead: 7, field: 'leadScore', change: 'many' }, 'params.not_an_integer'],
      [
        'points that were rendered empty',
        { lead: 7, field: 'leadScore', change: '' },
        'params.not_an_integer',
      ],
      ['half points', { lead: 7, field: 'leadScore', change: 0.5 }, 'params.not_an_integer'],
    ])('refuses %s', async (_name, params, code) => {
      marketo.instance.missingFields.add('shoeSize');
      marketo.instance.missingLeads.add(8);
      marketo.instance.setLead(7, { city: 'Oslo' });
      expect(await failureOf(plan(params))).toMatchObject({ code, retry: { kind: 'never' } });
    });

    it('lets one change of a score run at a time', () => {
      const key = (params: JsonObject, to = 'marketo') =>
        actions.get(type).exclusiveKey?.(effectOf(type, params, { to }));
      expect(key({ lead: 7, field: 'leadScore' })).toBe(key({ lead: ' 7 ', field: 'leadScore', change: 3 }));
      expect(key({ lead: 7, field: 'leadScore' })).not.toBe(key({ lead: 8, field: 'leadScore' }));
      expect(key({ lead: 7, field: 'leadScore' })).not.toBe(key({ lead: 7, field: 'otherScore' }));
      expect(key({ lead: 7, field: 'leadScore' })).not.toBe(key({ lead: 7, field: 'leadScore' }, 'other'));
    });
  });

  describe('requestCampaign', () => {
    it('requests a campaign with tokens', async () => {
      const params = { campaign: '3712', lead: '7', tokens: { 'my.message': 'Hello {{' } };
      expect(await send('marketo.requestCampaign', params)).toEqual({
        summary: 'campaign 3712 requested for lead 7',
      });
      expect(marketo.instance.campaignRequests.last).toMatchObject({
        campaignId: 3712,
        leadIds: [7],
        tokens: [{ name: '{{my.message}}', value: 'Hello {{' }],
      });
    });

    it('tells that a batch campaign cannot be requested', async () => {
      marketo.instance.batchCampaigns.add(9);
      expect(await refused('marketo.requestCampaign', { campaign: 9, lead: 7 })).toMatchObject({
        code: 'marketo.1003',
        retry: { kind: 'never' },
      });
    });

    it('is the one that must not be repeated blindly', () => {
      const repeatable = ['addToList', 'removeFromList', 'syncLead', 'changeScore', 'requestCampaign'].filter(
        (name) => actions.get(`marketo.${name}`).repeatable,
      );
      expect(repeatable).toEqual(['addToList', 'removeFromList', 'syncLead', 'changeScore']);
    });
  });
});
