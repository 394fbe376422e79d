import type { JsonObject } from '../../../src/contracts/json.js';
import { AdobeJournal } from '../../../src/sandbox/adobe-journal.js';

const CLIENT = { clientId: 'c', clientSecret: 's', orgId: 'ABC@AdobeOrg', scope: 'openid,AdobeID' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let now: number;
let adobe: AdobeJournal;
let token: string;

beforeEach(async () => {
  now = Date.parse('2026-05-04T10:00:00Z');
  adobe = new AdobeJournal(CLIENT, { now: () => now });
  await adobe.listen('127.0.0.1', 0);
  token = ((await (await ask()).json()) as { access_token: string }).access_token;
});
afterEach(() => adobe.close());

async function ask(changes: Record<string, string> = {}, type?: string): Promise<Response> {
  const { ims } = adobe.source();
  const form = new URLSearchParams({
    client_id: 'c',
    client_secret: 's',
    grant_type: 'client_credentials',
    scope: 'openid,AdobeID',
    ...changes,
  });
  const headers = { 'content-type': type ?? 'application/x-www-form-urlencoded' };
  return fetch(ims?.tokenUrl ?? '', { method: 'POST', body: form.toString(), headers });
}

async function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL(url, adobe.origin), {
    headers: {
      authorization: `Bearer ${token}`,
      'x-api-key': 'c',
      'x-ims-org-id': 'ABC@AdobeOrg',
      ...headers,
    },
  });
}

const journal = (query = ''): string => `${adobe.source().journal?.url ?? ''}${query}`;
const next = (response: Response): string =>
  /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? '';
const event = (id: string): JsonObject => ({ id });
const ids = async (response: Response): Promise<string[]> => {
  const { events } = (await response.json()) as { events: { event: { id: string } }[] };
  return events.map((each) => each.event.id);
};

describe('the token service', () => {
  it('gives tokens for a day', async () => {
    expect(await (await ask()).json()).toMatchObject({ token_type: 'bearer', expires_in: 86_399 });
  });

  it.each([
    [{ client_secret: 'x' }, 401, 'invalid_client'],
    [{ client_id: 'x' }, 401, 'invalid_client'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [{ scope: 'all' }, 400, 'invalid_scope'],
  ])('refuses %j', async (changes, status, error) => {
    const answer = await ask(changes);
    expect([answer.status, await answer.json()]).toMatchObject([status, { error }]);
  });

  it('takes forms only', async () => {
    expect((await ask({}, 'application/json')).status).toBe(400);
  });
});

describe('the journal', () => {
  it.each([
    ['a token', { authorization: '' }, 401],
    ['a good token', { authorization: 'Bearer x' }, 401],
    ['the client id', { 'x-api-key': '' }, 403],
    ['the organisation', { 'x-ims-org-id': 'other' }, 403],
  ])('asks for %s', async (_what, headers, status) => {
    expect((await get(journal(), headers)).status).toBe(status);
  });

  it('takes no token that has expired, or was ended', async () => {
    now += DAY;
    expect((await get(journal())).status).toBe(401);
    now -= DAY;
    expect((await get(journal())).status).toBe(204);
    adobe.access.expire();
    expect((await get(journal())).status).toBe(401);
  });

  it('pages from the oldest, each link under another path, exclusive, to a 204 that says to wait', async () => {
    adobe.pageSize = 2;
    adobe.append(['a', 'b', 'c'].map(event));
    const first = await get(journal());
    expect(next(first)).toMatch(/^\/events-fast\/.*\?since=penguin:/);
    const body = (await first.json()) as { events: { position: string }[]; _page: object };
    expect(body._page).toEqual({ last: body.events[1]?.position, count: 2 });
    const second = await get(next(first));
    expect(await ids(second)).toEqual(['c']);
    const third = await get(next(second));
    expect([third.status, third.headers.get('retry-after'), next(third)]).toEqual([204, '1', next(second)]);
    adobe.append([event('d')]);
    expect(await ids(await get(next(third)))).toEqual(['d']);
  });

  it('does not say how long to wait when it is empty, and goes on when something comes', async () => {
    const empty = await get(journal());
    expect([empty.status, empty.headers.get('retry-after')]).toEqual([204, null]);
    adobe.append([event('a')]);
    expect(await ids(await get(next(empty)))).toEqual(['a']);
  });

  it('gives the latest', async () => {
    adobe.append(['a', 'b'].map(event));
    const latest = await get(journal('?latest=true'));
    expect(await ids(latest)).toEqual(['b']);
    expect((await get(next(latest))).status).toBe(204);
  });

  it('seeks back in time, not together with since', async () => {
    adobe.append([event('a')]);
    now += 2 * HOUR;
    adobe.append([event('b')]);
    expect(await ids(await get(journal('?seek=-PT2H')))).toEqual(['a', 'b']);
    expect(await ids(await get(journal('?seek=-PT119M')))).toEqual(['b']);
    expect((await get(journal('?seek=-PT2H&since=x'))).status).toBe(400);
    expect((await get(journal('?seek=2h'))).status).toBe(400);
  });

  it('carries a limit on into the next link', async () => {
    adobe.append(['a', 'b', 'c'].map(event));
    const one = await get(journal('?limit=1'));
    expect(await ids(one)).toEqual(['a']);
    expect(await ids(await get(next(one)))).toEqual(['b']);
  });

  it('caps a page at 1.5 MB', async () => {
    adobe.append(['a', 'b', 'c'].map((id) => ({ id, data: 'x'.repeat(700_000) })));
    const first = await get(journal());
    expect(await ids(first)).toEqual(['a', 'b']);
    expect(await ids(await get(next(first)))).toEqual(['c']);
  });

  it('forgets after seven days, and says of an older position that it has expired', async () => {
    adobe.append(['a', 'b'].map(event));
    const link = next(await get(journal('?limit=1')));
    now += 7 * DAY;
    await renew();
    expect(await ids(await get(journal()))).toEqual(['a', 'b']);
    now += 1;
    const gone = await get(link);
    const position = new URL(link, adobe.origin).searchParams.get('since');
    expect([gone.status, await gone.text()]).toEqual([410, `Events at position ${position} have expired.`]);
    expect((await get(journal())).status).toBe(204);
  });

  it('fails when it is told to', async () => {
    adobe.failNext({ httpStatus: 429, headers: { 'retry-after': '7' } });
    const answer = await get(journal());
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await get(journal())).status).toBe(204);
  });
});

async function renew(): Promise<void> {
  token = ((await (await ask()).json()) as { access_token: string }).access_token;
}

it('tells the state of the registration', async () => {
  const url = adobe.source().registrationUrl ?? '';
  adobe.registration = { enabled: false, webhook_status: 'disabled' };
  expect(await (await get(url)).json()).toMatchObject({ enabled: false, webhook_status: 'disabled' });
  expect((await get(url, { authorization: '' })).status).toBe(401);
});

it('notices when its validation URL is opened, and only then', async () => {
  const asked = adobe.askForValidation();
  expect((await fetch(asked.url.replace(/challenge=.*/, 'challenge=x'))).status).toBe(400);
  expect(asked.confirmed()).toBe(false);
  expect((await fetch(asked.url)).status).toBe(200);
  expect(asked.confirmed()).toBe(true);
});

it('takes events from another process that knows the client, and from no web page', async () => {
  const { url, headers } = AdobeJournal.appendTo(adobe.origin, 'c');
  const post = async (body: unknown, changes: Record<string, string> = {}): Promise<number> =>
    (await fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { ...headers, ...changes } }))
      .status;
  expect(await post(event('a'))).toBe(200);
  expect(await post([event('b'), event('c')])).toBe(200);
  expect(await post(event('x'), { 'content-type': 'text/plain' })).toBe(415);
  expect(await post(event('x'), { 'x-api-key': 'x' })).toBe(403);
  expect(await ids(await get(journal()))).toEqual(['a', 'b', 'c']);
});
