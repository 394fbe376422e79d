import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';

interface Answer {
  readonly success: boolean;
  readonly requestId: string;
  readonly result?: readonly Record<string, unknown>[];
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
}

const TOKEN_PATH = '/identity/oauth/token?grant_type=client_credentials&client_id=id&client_secret=secret';

let now: number;
let marketo: MarketoStandIn;
let bearer: string;

beforeEach(async () => {
  now = Date.parse('2026-05-04T10:00:00Z');
  marketo = new MarketoStandIn('123-ABC-456', { clientId: 'id', clientSecret: 'secret' }, { now: () => now });
  await marketo.listen('127.0.0.1', 0);
  bearer = `Bearer ${(await token()).access_token}`;
});

afterEach(() => marketo.close());

async function token(): Promise<{ access_token: string; expires_in: number }> {
  return (await (await fetch(marketo.origin + TOKEN_PATH)).json()) as {
    access_token: string;
    expires_in: number;
  };
}

function send(method: string, path: string, body?: unknown, headers = {}): Promise<Response> {
  return fetch(marketo.origin + path, {
    method,
    headers: {
      authorization: bearer,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function call(method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
  return (await (await send(method, path, body, headers)).json()) as Answer;
}

const LIST = '/rest/v1/lists/1001/leads.json';
const LEADS = '/rest/v1/leads.json';
const TRIGGER = '/rest/v1/campaigns/9/trigger.json';

function leads(...ids: number[]): object {
  return { input: ids.map((id) => ({ id })) };
}

describe('access', () => {
  it('gives the same token with the time that is left until it expires, then another', async () => {
    const first = await token();
    now += 1_000_000;
    const again = await token();
    expect(again.access_token).toBe(first.access_token);
    expect([first.expires_in, again.expires_in]).toEqual([3_599, 2_599]);
    now += 2_600_000;
    expect((await call('GET', '/rest/v1/stats/usage.json')).errors?.[0]?.code).toBe('602');
    expect((await token()).access_token).not.toBe(first.access_token);
  });

  it('answers 401 to wrong credentials', async () => {
    const response = await fetch(marketo.origin + TOKEN_PATH.replace('=secret', '=other'));
    expect(response.status).toBe(401);
  });

  it.each([
    ['a token that was never given', { authorization: 'Bearer other' }, 0],
    ['no token', { authorization: '' }, 1],
  ])('refuses %s with 601', async (_what, headers, violations) => {
    expect((await call('POST', LIST, leads(7), headers)).errors?.[0]?.code).toBe('601');
    expect(marketo.violations.size).toBe(violations);
    expect([...marketo.instance.list(1001)]).toEqual([]);
  });
});

describe('lists', () => {
  it('adds, asks and removes, by ids in the query or in the body, row by row', async () => {
    marketo.instance.missingLeads.add(8);
    const added = await call('POST', `${LIST}?id=6&id=7,8`, leads(9));
    expect(added.success).toBe(true);
    expect(added.requestId).toMatch(/^[0-9a-f]+#[0-9a-f]+$/);
    expect(added.result).toEqual([
      { id: 6, status: 'added' },
      { id: 7, status: 'added' },
      { id: 8, status: 'skipped', reasons: [{ code: '1004', message: 'Lead not found' }] },
      { id: 9, status: 'added' },
    ]);
    expect((await call('DELETE', `${LIST}?id=7&id=70`)).result).toEqual([
      { id: 7, status: 'removed' },
      { id: 70, status: 'skipped', reasons: [{ code: '1015', message: 'Lead not in list' }] },
    ]);
    const asked = await call('GET', '/rest/v1/lists/1001/leads/ismember.json?id=6&id=7');
    expect(asked.result?.map(({ status }) => status)).toEqual(['memberof', 'notmemberof']);
    expect(marketo.instance.allLists().get(1001)).toEqual(new Set([6, 9]));
  });

  it('adds a member again without a word', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await call('POST', LIST, leads(7))).result).toEqual([{ id: 7, status: 'added' }]);
    }
  });
});

describe('leads', () => {
  it('creates, updates and skips rows in the order of the input; a skipped row has no id', async () => {
    const row = { email: 'new@acme.example', firstName: 'New' };
    const answer = await call('POST', LEADS, {
      input: [row, { email: 'bad' }, { ...row, firstName: 'Newer' }],
    });
    const [created, skipped, updated] = answer.result ?? [];
    expect(created).toEqual({ id: 5_000_001, status: 'created' });
    expect(skipped).toEqual({ status: 'skipped', reasons: [expect.objectContaining({ code: '1003' })] });
    expect(updated).toEqual({ id: created?.['id'], status: 'updated' });
    const read = await call(
      'GET',
      `${LEADS}?filterType=email&filterValues=NEW@acme.example&fields=firstName`,
    );
    expect(read.result).toEqual([{ id: created?.['id'], firstName: 'Newer' }]);
  });

  it('updates a score by id and reads it back; fields without a value are left out', async () => {
    const update = { action: 'updateOnly', lookupField: 'id', input: [{ id: 7, leadScore: 25 }] };
    expect((await call('POST', LEADS, update)).result).toEqual([{ id: 7, status: 'updated' }]);
    const read = await call('GET', '/rest/v1/lead/7.json?fields=leadScore,company');
    expect(read.result).toEqual([{ id: 7, leadScore: 25 }]);
  });

  it('finds nothing as an empty success', async () => {
    marketo.instance.missingLeads.add(8);
    expect(await call('GET', '/rest/v1/lead/8.json')).toMatchObject({ success: true, result: [] });
    expect((await call('GET', `${LEADS}?filterType=id&filterValues=7,8`)).result).toHaveLength(1);
  });

  it.each([
    ['createOnly', { email: 'lead-7@acme.example' }, '1005'],
    ['updateOnly', { email: 'nobody@acme.example' }, '1004'],
    ['createOrUpdate', { firstName: 'A' }, '1002'],
    ['createOrUpdate', { email: 'a@acme.example', noSuchField: 1 }, '1006'],
  ])('skips a row of %s: %j', async (action, row, code) => {
    marketo.instance.lead(7);
    marketo.instance.missingFields.add('noSuchField');
    const answer = await call('POST', LEADS, { action, input: [row] });
    expect(answer.result).toEqual([{ status: 'skipped', reasons: [expect.objectContaining({ code })] }]);
  });

  it('takes a query that is too long for a URI as a form', async () => {
    const form = `filterType=id&filterValues=${Array.from({ length: 300 }, (_, index) => index + 1).join(',')}`;
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await call('POST', `${LEADS}?_method=GET`, form, type)).result).toHaveLength(300);
  });
});

describe('campaigns and usage', () => {
  it('keeps what was requested', async () => {
    const tokens = [{ name: '{{my.message}}', value: 'Hello' }];
    const body = { input: { leads: [{ id: 7 }, { id: 8 }], tokens } };
    expect((await call('POST', TRIGGER, body)).result).toEqual([{ id: 9 }]);
    expect(marketo.instance.campaignRequests.last).toMatchObject({ campaignId: 9, leadIds: [7, 8], tokens });
  });

  it('refuses a batch campaign', async () => {
    marketo.instance.batchCampaigns.add(9);
    expect((await call('POST', TRIGGER, { input: { leads: [{ id: 7 }] } })).errors?.[0]?.code).toBe('1003');
  });

  it('counts the calls of the day, in US Central time', async () => {
    await call('POST', LIST, leads(7));
    const usage = await call('GET', '/rest/v1/stats/usage.json');
    expect(usage.result).toMatchObject([{ date: '2026-05-04', total: 1 }]);
    now = Date.parse('2026-05-05T04:59:00Z');
    bearer = `Bearer ${(await token()).access_token}`;
    expect((await call('GET', '/rest/v1/stats/usage.json')).result).toMatchObject([{ total: 2 }]);
    now = Date.parse('2026-05-05T05:00:00Z');
    expect((await call('GET', '/rest/v1/stats/usage.json')).result).toMatchObject([
      { date: '2026-05-05', total: 0 },
    ]);
  });
});

describe('the contract', () => {
  const tooMany = leads(...Array.from({ length: 301 }, (_, index) => index + 1));
  it.each<[string, string, string, unknown, string]>([
    ['an unknown path', 'GET', '/rest/v1/leeds.json', undefined, '610'],
    ['a doubled slash', 'POST', '//rest/v1/leads.json', { input: [{ email: 'a@b.example' }] }, '610'],
    ['an unknown method', 'DELETE', LEADS, undefined, '605'],
    ['text that is not JSON', 'POST', LIST, '{"input":', '609'],
    ['no body where one is due', 'POST', LEADS, undefined, '609'],
    ['an empty object', 'POST', LEADS, {}, '701'],
    ['an id that is text', 'POST', LIST, { input: [{ id: '7' }] }, '1001'],
    ['a list id that is text', 'POST', '/rest/v1/lists/abc/leads.json?id=7', undefined, '1001'],
    ['no ids', 'POST', LIST, undefined, '1003'],
    ['301 leads', 'POST', LIST, tooMany, '1003'],
    ['a member of no meaning', 'POST', LIST, { input: [{ id: 7 }], lookupField: 'id' }, '1003'],
    ['a parameter of no meaning', 'POST', `${LIST}?ids=7`, undefined, '1003'],
    ['the token in the query', 'POST', `${LIST}?id=7&access_token=x`, undefined, '1003'],
    ['a missing parameter', 'GET', `${LEADS}?filterType=id`, undefined, '1002'],
    [
      'an action of no meaning',
      'POST',
      LEADS,
      { action: 'upsert', input: [{ email: 'a@b.example' }] },
      '1003',
    ],
    ['an id to create by', 'POST', LEADS, { input: [{ id: 7, email: 'a@b.example' }] }, '1003'],
    ['a nested value', 'POST', LEADS, { input: [{ email: { a: 1 } }] }, '1001'],
    ['leads beside the input', 'POST', TRIGGER, { leads: [{ id: 7 }] }, '701'],
    [
      'a token without its braces',
      'POST',
      TRIGGER,
      {
        input: { leads: [{ id: 7 }], tokens: [{ name: 'my.a', value: 'b' }] },
      },
      '1003',
    ],
    [
      '101 leads for a campaign',
      'POST',
      TRIGGER,
      {
        input: { leads: Array.from({ length: 101 }, (_, id) => ({ id: id + 1 })) },
      },
      '1003',
    ],
  ])('refuses %s loudly', async (_what, method, path, body, code) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ success: false, errors: [{ code }] });
    expect(answer.result).toBeUndefined();
    expect(marketo.violations.all()).toMatchObject([{ code }]);
    expect(marketo.instance.allLists().get(1001) ?? new Set()).toEqual(new Set());
    expect(marketo.instance.campaignRequests.size).toBe(0);
  });

  it('refuses JSON under another content type with 612', async () => {
    const answer = await call('POST', LIST, leads(7), { 'content-type': 'text/plain' });
    expect(answer.errors?.[0]?.code).toBe('612');
  });

  it('answers 413 and 414 to what is too long', async () => {
    const input = [{ email: 'a@b.example', note: 'x'.repeat(1_048_576) }];
    expect((await send('POST', LEADS, { input })).status).toBe(413);
    const values = '1,'.repeat(4_100);
    expect((await send('GET', `${LEADS}?filterType=id&filterValues=${values}1`)).status).toBe(414);
  });
});

describe('limits and faults', () => {
  it('refuses call 101 in 20 seconds with 606, and not after them', async () => {
    marketo.limits.perWindow = 3;
    const codes = [];
    for (let turn = 0; turn < 4; turn += 1)
      codes.push((await call('POST', LIST, leads(7))).errors?.[0]?.code);
    expect(codes).toEqual([undefined, undefined, undefined, '606']);
    now += 20_001;
    expect((await call('POST', LIST, leads(7))).success).toBe(true);
  });

  it('starts with the limits that Adobe documents', () => {
    expect(marketo.limits).toEqual({ perWindow: 100, windowMs: 20_000, concurrent: 10, daily: 50_000 });
  });

  it('refuses with 607 until the day is over', async () => {
    marketo.limits.daily = 1;
    expect((await call('POST', LIST, leads(7))).success).toBe(true);
    expect((await call('POST', LIST, leads(7))).errors?.[0]?.code).toBe('607');
    now += 86_400_000;
    bearer = `Bearer ${(await token()).access_token}`;
    expect((await call('POST', LIST, leads(7))).success).toBe(true);
  });

  it('refuses one call too many at once with 615', async () => {
    marketo.limits.concurrent = 1;
    marketo.failNext({ hang: true });
    const hanging = expect(call('POST', LIST, leads(7))).rejects.toThrow('fetch failed');
    await marketo.requests.waitFor((all) => all.some(({ url }) => url.pathname === LIST));
    expect((await call('POST', LIST, leads(7))).errors?.[0]?.code).toBe('615');
    await marketo.close();
    await hanging;
  });

  it('fails with a code as told, which the token service never does, and then works again', async () => {
    marketo.failNext({ code: '611', times: 2 });
    await token();
    expect((await call('POST', LIST, leads(7))).errors?.[0]?.code).toBe('611');
    expect((await call('POST', LIST, leads(7))).errors?.[0]?.code).toBe('611');
    expect([...marketo.instance.list(1001)]).toEqual([]);
    expect((await call('POST', LIST, leads(7))).success).toBe(true);
  });

  it('takes effect before the fault when told to, and fails only where told to', async () => {
    marketo.failNext({ code: '604', afterEffect: true, path: '/lists/' });
    expect((await call('GET', '/rest/v1/lead/7.json')).success).toBe(true);
    expect((await call('POST', LIST, leads(7))).errors?.[0]?.code).toBe('604');
    expect([...marketo.instance.list(1001)]).toEqual([7]);
  });
});
