import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';

interface Answer {
  readonly result?: readonly Record<string, unknown>[];
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
}

const TOKEN_PATH = '/identity/oauth/token?grant_type=client_credentials&client_id=id&client_secret=secret';
const LEADS = '/rest/v1/leads.json';
const FAVORITE_COLOR = { name: 'favoriteColor', displayName: 'Favorite Color', dataType: 'string' };

describe("what Marketo's stand-in tells of its leads and its calls", () => {
  let now: number;
  let marketo: MarketoStandIn;
  let authorization: string;

  beforeEach(async () => {
    now = Date.parse('2026-05-04T10:00:00Z');
    marketo = new MarketoStandIn(
      '123-ABC-456',
      { clientId: 'id', clientSecret: 'secret' },
      { now: () => now },
    );
    await marketo.listen('127.0.0.1', 0);
    await authorise();
  });
  afterEach(() => marketo.close());

  async function authorise(): Promise<void> {
    const token = (await (await fetch(marketo.origin + TOKEN_PATH)).json()) as { access_token: string };
    authorization = `Bearer ${token.access_token}`;
  }

  async function call(path: string): Promise<Answer> {
    return (await (await fetch(marketo.origin + path, { headers: { authorization } })).json()) as Answer;
  }

  it('reads fields that are there and no others', async () => {
    marketo.instance.customFields.push(FAVORITE_COLOR);
    marketo.instance.setLead(7, { favoriteColor: 'green', shoeSize: 43 });
    const fields = (names: string) => call(`${LEADS}?filterType=id&filterValues=7&fields=${names}`);
    expect((await fields('favoriteColor,shoeSize,city')).result).toEqual([
      { id: 7, favoriteColor: 'green', shoeSize: 43 },
    ]);
    expect((await fields('email,favouriteColour')).errors).toEqual([
      { code: '1006', message: "Field 'favouriteColour' not found" },
    ]);
  });

  it('describes the fields, all but those that it was told to miss', async () => {
    marketo.instance.customFields.push(FAVORITE_COLOR);
    marketo.instance.missingFields.add('city');
    const rows = (await call('/rest/v1/leads/describe.json')).result ?? [];
    expect(rows).toContainEqual(
      expect.objectContaining({
        displayName: 'Favorite Color',
        rest: { name: 'favoriteColor', readOnly: false },
      }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ displayName: 'Company Name', rest: { name: 'company', readOnly: false } }),
    );
    expect(rows.filter(({ displayName }) => displayName === 'City')).toEqual([]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('takes 300 values of a filter and no more', async () => {
    const values = Array.from({ length: 301 }, (_, index) => index + 1);
    const find = (ids: readonly number[]) => call(`${LEADS}?filterType=id&filterValues=${ids.join(',')}`);
    expect((await find(values.slice(1))).result).toHaveLength(300);
    expect((await find(values)).errors?.[0]?.code).toBe('1003');
  });

  it('counts the calls of others as well, until the day is over', async () => {
    await call(`${LEADS}?filterType=id&filterValues=7`);
    marketo.othersCalls.set('crm@acme.example', 49_997);
    const usage = '/rest/v1/stats/usage.json';
    expect((await call(usage)).result).toEqual([
      {
        date: '2026-05-04',
        total: 49_998,
        users: [
          { userId: 'signalman@acme.example', count: 1 },
          { userId: 'crm@acme.example', count: 49_997 },
        ],
      },
    ]);
    await call(usage);
    expect((await call(usage)).errors?.[0]?.code).toBe('607');
    now += 86_400_000;
    await authorise();
    expect((await call(usage)).result).toMatchObject([{ total: 0, users: [] }]);
  });
});
