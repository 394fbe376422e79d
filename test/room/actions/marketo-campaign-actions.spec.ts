import { marketoSchemas } from '../../../src/actions/marketo/marketo.params.js';
import { useMarketo } from './use-marketo.js';

describe('actions in campaigns and programs of Marketo', () => {
  const { marketo, action, send, refused } = useMarketo();

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

    it('asks together for leads of one campaign with the same tokens', async () => {
      const requests = [1, 2, 3].map((lead) =>
        send('marketo.requestCampaign', { campaign: 5, lead, tokens: { 'my.a': 'x' } }),
      );
      await Promise.all([...requests, send('marketo.requestCampaign', { campaign: 5, lead: 4 })]);
      const asked = marketo.instance.campaignRequests
        .all()
        .map(({ leadIds, tokens }) => [leadIds, tokens.length]);
      expect(asked.sort()).toEqual([
        [[1, 2, 3], 1],
        [[4], 0],
      ]);
    });
  });

  describe('pushLead', () => {
    it('makes or updates a lead and says where it comes from', async () => {
      const params = {
        ...{ program: 'Launch', status: 'Member', source: 'Shop', reason: 'Order', partition: 'Europe' },
        fields: { email: 'ada@acme.example', leadScore: 5 },
      };
      const receipt = await send('marketo.pushLead', params);
      expect(receipt.summary).toMatch(/^lead by email, program Launch: created \(\d+\)$/);
      expect(marketo.calls.last?.body).toMatchObject({ programStatus: 'Member', partitionName: 'Europe' });
      expect(marketo.instance.pushedLeads.all()).toEqual([
        { leadId: receipt.data?.['id'], programName: 'Launch', source: 'Shop', reason: 'Order' },
      ]);
    });

    it('tells of a row that was refused, which has no status', async () => {
      expect(
        await refused('marketo.pushLead', { program: 'Launch', fields: { email: 'bademail' } }),
      ).toMatchObject({
        code: 'marketo.1003',
        message: expect.stringContaining('lead by email, program Launch: skipped, 1003') as string,
      });
    });
  });

  describe('scheduleCampaign', () => {
    it('schedules at a time or so long from now, each effect by itself', async () => {
      const tokens = { 'my.a': 'b' };
      await Promise.all([
        send('marketo.scheduleCampaign', { campaign: 9, runAt: '2027-01-02T08:00:00.500+01:00', tokens }),
        send('marketo.scheduleCampaign', { campaign: '9', cloneToProgramName: 'Clone' }),
      ]);
      expect(marketo.instance.scheduledCampaigns.all()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            campaignId: 9,
            runAt: '2027-01-02T07:00:00+0000',
            tokens: [{ name: '{{my.a}}', value: 'b' }],
          }),
          expect.objectContaining({ campaignId: 9, cloneToProgramName: 'Clone' }),
        ]),
      );
      const before = Date.now();
      const { summary } = await send('marketo.scheduleCampaign', { campaign: 9, runAt: '2h' });
      const [, at = ''] = /scheduled for (.*)\+0000$/.exec(summary) ?? [];
      expect(Math.abs(Date.parse(`${at}Z`) - before - 7_200_000)).toBeLessThan(5_000);
    });

    it.each([
      ['soon', 'params.invalid'],
      ['', 'params.invalid'],
      ['2027-13-01T08:00:00Z', 'params.run_at'],
      ['1m', 'marketo.1042'],
      ['2020-01-01T00:00:00Z', 'marketo.1042'],
    ])('refuses to run %j', async (runAt, code) => {
      expect(await refused('marketo.scheduleCampaign', { campaign: 9, runAt })).toMatchObject({
        code,
        retry: { kind: 'never' },
      });
    });

    it('waits for the next day when there were too many clones', async () => {
      const params = { campaign: 9, cloneToProgramName: 'Clone' };
      for (let times = 0; times < 20; times += 1) await send('marketo.scheduleCampaign', params);
      expect(await refused('marketo.scheduleCampaign', params)).toMatchObject({
        code: 'marketo.1020',
        retry: { kind: 'at' },
      });
    });
  });

  describe('changeProgramStatus', () => {
    const type = 'marketo.changeProgramStatus';
    const params = (status: string, lead = 7) => ({ program: '3001', lead, status });

    it('makes members and moves them on, and never back', async () => {
      expect((await send(type, params('Invited'))).summary).toBe(
        'lead 7, program 3001, status Invited: created',
      );
      expect((await send(type, params('Attended'))).summary).toContain('updated');
      expect(await send(type, params('Registered'))).toMatchObject({
        already: true,
        summary: expect.stringContaining('1037') as string,
      });
      expect([...marketo.instance.program(3001)]).toEqual([[7, 'Attended']]);
    });

    it('moves leads together and tells of each', async () => {
      marketo.instance.missingLeads.add(8);
      const [first, missing] = await Promise.allSettled([
        send(type, params('Invited')),
        send(type, params('Invited', 8)),
      ]);
      expect(first.status).toBe('fulfilled');
      expect(missing).toMatchObject({ reason: { code: 'marketo.1004' } });
      expect(marketo.calls.size).toBe(1);
    });

    it('is refused a status that the program does not have', async () => {
      marketo.instance.missingStatuses.add('Atended');
      expect(await refused(type, params('Atended'))).toMatchObject({ code: 'marketo.1025' });
    });
  });

  describe('addCustomActivity', () => {
    const type = 'marketo.addCustomActivity';
    const params = { lead: 7, activityType: 100_001, primaryValue: 'Prize', at: '2026-01-02 03:04:05.678' };

    it('adds what happened, when it happened', async () => {
      const attributes = { uRL: 'https://acme.example', count: 2 };
      expect(await send(type, { ...params, attributes })).toEqual({
        summary: 'lead 7, activity 100001: added (1)',
        data: { id: 1 },
      });
      expect(marketo.instance.activities.all()).toEqual([
        {
          ...{ id: 1, leadId: 7, activityTypeId: 100_001, primaryAttributeValue: 'Prize' },
          activityDate: '2026-01-02T03:04:05Z',
          attributes: [
            { apiName: 'uRL', value: 'https://acme.example' },
            { apiName: 'count', value: 2 },
          ],
        },
      ]);
    });

    it('adds the same twice in one call, and tells of a row with errors', async () => {
      marketo.instance.missingLeads.add(8);
      const [one, two, three] = await Promise.allSettled([
        send(type, params),
        send(type, params),
        send(type, { ...params, lead: 8 }),
      ]);
      expect([one.status, two.status]).toEqual(['fulfilled', 'fulfilled']);
      expect(three).toMatchObject({ reason: { code: 'marketo.1004' } });
      expect([marketo.calls.size, marketo.instance.activities.size]).toEqual([1, 2]);
    });

    it('refuses a time that is none', async () => {
      expect(await refused(type, { ...params, at: 'noon' })).toMatchObject({ code: 'params.not_a_time' });
    });
  });

  it('says truthfully which may be repeated blindly', () => {
    const kinds = marketoSchemas.map(({ type }) => type);
    expect(kinds.filter((type) => !action(type).repeatable)).toEqual([
      'marketo.pushLead',
      'marketo.requestCampaign',
      'marketo.scheduleCampaign',
      'marketo.addCustomActivity',
    ]);
  });
});
