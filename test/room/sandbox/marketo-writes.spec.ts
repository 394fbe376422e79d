import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';

interface Answer {
  readonly success: boolean;
  readonly result?: readonly Record<string, unknown>[];
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
}

const PUSH = '/rest/v1/leads/push.json';
const SCHEDULE = '/rest/v1/campaigns/9/schedule.json';
const STATUS = '/rest/v1/programs/3001/members/status.json';
const ACTIVITIES = '/rest/v1/activities/external.json';

describe("what Marketo's stand-in takes of programs, campaigns and activities", () => {
  const clock = { time: 0, now: () => clock.time };
  const marketo = new MarketoStandIn('123-ABC-456', { clientId: 'id', clientSecret: 'secret' }, clock);
  let authorization: string;

  beforeAll(() => marketo.listen('127.0.0.1', 0));
  beforeEach(async () => {
    clock.time = Date.parse('2026-05-04T10:00:00Z');
    marketo.clear();
    marketo.limits.perWindow = 1_000;
    const path = '/identity/oauth/token?grant_type=client_credentials&client_id=id&client_secret=secret';
    const token = (await (await fetch(marketo.origin + path)).json()) as { access_token: string };
    authorization = `Bearer ${token.access_token}`;
  });
  afterAll(() => marketo.close());

  async function post(path: string, body: unknown): Promise<Answer> {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(marketo.origin + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Answer;
  }

  const activity = {
    leadId: 7,
    activityDate: '2026-05-04T09:00:00+01:00',
    activityTypeId: 100_001,
    primaryAttributeValue: 'Prize',
    attributes: [{ apiName: 'uRL', value: 'u' }],
  };
  const many = (count: number, row: object) => Array.from({ length: count }, () => row);

  it('pushes leads; a row that cannot be stored says why and has neither id nor status', async () => {
    const answer = await post(PUSH, {
      ...{ programName: 'Launch', source: 'Shop' },
      input: [{ email: 'a@acme.example' }, { email: 'bad' }],
    });
    const [row, refused] = answer.result ?? [];
    expect(row).toEqual({ id: expect.any(Number) as number, status: 'created' });
    expect(refused).toEqual({ reasons: [expect.objectContaining({ code: '1003' })] });
    expect(marketo.instance.pushedLeads.all()).toEqual([
      { leadId: row?.['id'], programName: 'Launch', source: 'Shop' },
    ]);
  });

  it('moves members on, in the order of the input, and never back', async () => {
    marketo.instance.missingLeads.add(8);
    const move = (statusName: string) => post(STATUS, { statusName, input: [{ leadId: 7 }, { leadId: 8 }] });
    const missing = { seq: 1, status: 'skipped', reasons: [{ code: '1004', message: 'Lead not found' }] };
    expect((await move('Registered')).result).toEqual([{ seq: 0, leadId: 7, status: 'created' }, missing]);
    expect((await move('Attended')).result).toEqual([{ seq: 0, leadId: 7, status: 'updated' }, missing]);
    for (const status of ['Attended', 'Invited']) {
      expect((await move(status)).result?.[0]).toEqual({
        ...{ seq: 0, status: 'skipped' },
        reasons: [{ code: '1037', message: 'Lead skipped because it is already in or past this status' }],
      });
    }
    expect((await move('Of its own')).result?.[0]).toMatchObject({ status: 'updated' });
  });

  it('adds activities; a row that is refused has errors', async () => {
    marketo.instance.missingLeads.add(8);
    const answer = await post(ACTIVITIES, { input: [activity, { ...activity, leadId: 8 }, activity] });
    expect(answer.result).toEqual([
      { id: 1, marketoGUID: '1', status: 'added' },
      { status: 'skipped', errors: [{ code: '1004', message: 'Lead not found' }] },
      { id: 2, marketoGUID: '2', status: 'added' },
    ]);
  });

  it.each([
    ['2026-05-04T10:05:00+0000', undefined],
    ['2028-05-01T10:00:00Z', undefined],
    ['2026-05-04T11:04:59+0100', '1042'],
    ['2028-05-08T10:00:00Z', '1042'],
  ])('schedules a campaign at %s: %s', async (runAt, code) => {
    expect((await post(SCHEDULE, { input: { runAt } })).errors?.[0]?.code).toBe(code);
    expect(marketo.violations.all()).toEqual([]);
  });

  it('makes twenty clones a day', async () => {
    const clone = async () =>
      (await post(SCHEDULE, { input: { cloneToProgramName: 'Clone' } })).errors?.[0]?.code;
    for (let times = 0; times < 20; times += 1) expect(await clone()).toBeUndefined();
    expect(await clone()).toBe('1020');
    expect((await post(SCHEDULE, { input: {} })).success).toBe(true);
  });

  it.each<[string, string, unknown, string]>([
    ['a push without a program', PUSH, { input: [{ email: 'a@b.example' }] }, '701'],
    ['a push without leads', PUSH, { programName: 'p', input: [] }, '1003'],
    ['a push of 301', PUSH, { programName: 'p', input: many(301, { email: 'a@b.example' }) }, '1003'],
    ['a push by id', PUSH, { programName: 'p', lookupField: 'id', input: [{ id: 7 }] }, '1003'],
    [
      'a push with a status beside its leads',
      PUSH,
      { programName: 'p', status: 'x', input: [{ email: 'a@b.example' }] },
      '1003',
    ],
    ['a status without a name', STATUS, { input: [{ leadId: 7 }] }, '701'],
    ['a status of leads by id', STATUS, { statusName: 's', input: [{ id: 7 }] }, '701'],
    ['a status of 301', STATUS, { statusName: 's', input: many(301, { leadId: 7 }) }, '1003'],
    ['a schedule without an input', SCHEDULE, { runAt: '2026-05-05T10:00:00Z' }, '701'],
    ['a schedule for leads', SCHEDULE, { input: { leads: [{ id: 7 }] } }, '1003'],
    ['a time with milliseconds', SCHEDULE, { input: { runAt: '2026-05-05T10:00:00.000Z' } }, '1003'],
    ['the parameter of the documentation', SCHEDULE, { input: { cloneToProgram: 'x' } }, '1003'],
    ['101 tokens', SCHEDULE, { input: { tokens: many(101, { name: '{{my.a}}', value: 'b' }) } }, '1003'],
    ['301 activities', ACTIVITIES, { input: many(301, activity) }, '1003'],
    ['an activity without a date', ACTIVITIES, { input: [{ ...activity, activityDate: undefined }] }, '701'],
    [
      'an activity without attributes',
      ACTIVITIES,
      { input: [{ ...activity, attributes: undefined }] },
      '701',
    ],
    ['an activity of a lead by text', ACTIVITIES, { input: [{ ...activity, leadId: '7' }] }, '1001'],
    [
      '21 attributes',
      ACTIVITIES,
      { input: [{ ...activity, attributes: many(21, { apiName: 'a', value: 1 }) }] },
      '1003',
    ],
    [
      'an attribute without a value',
      ACTIVITIES,
      { input: [{ ...activity, attributes: [{ apiName: 'a' }] }] },
      '701',
    ],
  ])('refuses %s', async (_what, path, body, code) => {
    expect((await post(path, body)).errors?.[0]?.code).toBe(code);
    expect(marketo.violations.all()).toMatchObject([{ code }]);
  });
});
