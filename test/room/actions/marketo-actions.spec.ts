import type { JsonObject } from '../../../src/contracts/json.js';
import { failureOf } from '../../support/attempts.js';
import { useMarketo } from './use-marketo.js';

describe('actions on leads and lists in Marketo', () => {
  const { marketo, action, attempt, send, refused, plan, keyOf } = useMarketo();
  const planned = async (type: string, params: JsonObject) => {
    const made = await plan(type, params);
    return { plan: made, receipt: await action(type).send({ ...attempt(type, params), plan: made }) };
  };

  describe('on lists', () => {
    it('adds a lead by ids as numbers or as text, also twice', async () => {
      expect(await send('marketo.addToList', { list: 1001, lead: ' 7 ' })).toEqual({
        summary: 'lead 7, list 1001: added (7)',
        data: { id: 7 },
      });
      await send('marketo.addToList', { list: '1001', lead: 7 });
      expect([...marketo.instance.list(1001)]).toEqual([7]);
    });

    it('changes nothing for a lead that is where it should be, and says so', async () => {
      const params = { list: 1001, lead: 7 };
      const done = async (name: string) => {
        const { plan, receipt } = await planned(`marketo.${name}`, params);
        return [plan['member'], receipt.already ?? false, receipt.summary];
      };
      expect(await done('removeFromList')).toEqual([false, true, 'lead 7, list 1001: was no member already']);
      expect(await done('addToList')).toEqual([false, false, 'lead 7, list 1001: added (7)']);
      expect(await done('addToList')).toEqual([true, true, 'lead 7, list 1001: was a member already']);
      expect(await done('removeFromList')).toEqual([true, false, 'lead 7, list 1001: removed (7)']);
      const writes = marketo.calls.all().filter(({ operationId }) => operationId !== 'areLeadsMemberOfList');
      expect(writes).toHaveLength(2);
    });

    it('plans and adds 300 leads in two calls, and cannot plan for a lead that is not there', async () => {
      marketo.instance.missingLeads.add(300);
      const leads = Array.from({ length: 300 }, (_, index) => index + 1);
      const settled = await Promise.allSettled(
        leads.map((lead) => planned('marketo.addToList', { list: 1001, lead })),
      );
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(299);
      expect(marketo.instance.list(1001).size).toBe(299);
      expect(marketo.calls.size).toBe(2);
    });

    it('lets one change of one membership run at a time', () => {
      const key = keyOf('marketo.addToList', { list: 1001, lead: '7' });
      expect(keyOf('marketo.removeFromList', { list: ' 1001 ', lead: 7 })).toBe(key);
      expect(keyOf('marketo.addToList', { list: 1001, lead: 8 })).not.toBe(key);
      expect(keyOf('marketo.addToList', { list: 1001, lead: 7 }, 'other')).not.toBe(key);
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

    it('names the partition of a lead that may be new, and only of such', async () => {
      const params = { fields: { email: 'ada@acme.example' }, partition: 'Europe' };
      await send('marketo.syncLead', params);
      expect(marketo.calls.last?.body).toMatchObject({ partitionName: 'Europe' });
      expect(await refused('marketo.syncLead', { ...params, action: 'updateOnly' })).toMatchObject({
        code: 'params.partition',
        retry: { kind: 'never' },
      });
    });

    it('lets one call by one key run at a time, whichever kind it is', () => {
      const key = keyOf('marketo.syncLead', { fields: { email: 'Ada@acme.example' } });
      expect(
        keyOf('marketo.syncLead', {
          fields: { email: ' ada@acme.example', city: 'x' },
          lookupField: 'email',
        }),
      ).toBe(key);
      expect(keyOf('marketo.pushLead', { program: 'p', fields: { email: 'ada@acme.example' } })).toBe(key);
      expect(keyOf('marketo.syncLead', { fields: { email: 'bob@acme.example' } })).not.toBe(key);
      expect(keyOf('marketo.syncLead', { fields: { id: 7 }, lookupField: 'id' })).not.toBe(key);
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
    const planOf = (params: JsonObject) => plan(type, params);

    it('plans from what the lead has and writes that value, also when it is sent again', async () => {
      marketo.instance.setLead(7, { leadScore: 40 });
      const params = { lead: 7, field: 'leadScore', change: '-15' };
      const planned = await planOf(params);
      expect(planned).toEqual({ from: 40, to: 25 });
      for (let i = 0; i < 2; i += 1) {
        const receipt = await action(type).send({ ...attempt(type, params), plan: planned });
        expect(receipt.summary).toBe('lead 7, leadScore 40 → 25: updated (7)');
      }
      expect(marketo.instance.lead(7)).toMatchObject({ leadScore: 25 });
    });

    it('starts from 0 where there is no score yet, and reads a score that is text', async () => {
      expect(await planOf({ lead: 7, field: 'leadScore', change: 5 })).toEqual({ from: 0, to: 5 });
      marketo.instance.setLead(7, { leadScore: '12' });
      expect(await planOf({ lead: 7, field: 'leadScore', change: '+5' })).toEqual({ from: 12, to: 17 });
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
      expect(await failureOf(planOf(params))).toMatchObject({ code, retry: { kind: 'never' } });
    });

    it('lets one change of a score run at a time', () => {
      const key = (params: JsonObject, to?: string) => keyOf(type, params, to);
      expect(key({ lead: 7, field: 'leadScore' })).toBe(key({ lead: ' 7 ', field: 'leadScore', change: 3 }));
      expect(key({ lead: 7, field: 'leadScore' })).not.toBe(key({ lead: 8, field: 'leadScore' }));
      expect(key({ lead: 7, field: 'leadScore' })).not.toBe(key({ lead: 7, field: 'otherScore' }));
      expect(key({ lead: 7, field: 'leadScore' })).not.toBe(key({ lead: 7, field: 'leadScore' }, 'other'));
    });
  });
});
