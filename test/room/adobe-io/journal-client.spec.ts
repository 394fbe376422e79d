import { JournalClient, type ReadableJournal } from '../../../src/adobe-io/journal/journal-client.js';
import { latestPlace, oldestPlace, placeBack } from '../../../src/adobe-io/journal/journal-links.js';
import { failureOf } from '../../support/attempts.js';
import { type Adobe, eventsOf, idsIn, startAdobe } from './adobe.js';

let adobe: Adobe;
let client: JournalClient;
let readable: ReadableJournal;

beforeEach(async () => {
  adobe = await startAdobe();
  client = new JournalClient(adobe.api, adobe.pace);
  readable = { account: adobe.account, journal: adobe.journal };
});
afterEach(() => adobe.close());

it('reads page by page along the links, byte for byte', async () => {
  const { standIn, pace, journal } = adobe;
  standIn.pageSize = 2;
  standIn.append(eventsOf(['a', 'b', 'c'], pace.now() - 5_000));
  const first = await client.read(readable, oldestPlace(journal));
  if (first.kind !== 'page') throw new Error(first.kind);
  expect(idsIn(first.page.bytes)).toEqual(['a', 'b']);
  expect(first.page).toMatchObject({ events: 2, oldest: pace.now() - 5_000, newest: pace.now() - 5_000 });
  expect(first.next).toMatch(/^\/events-fast\//);
  const second = await client.read(readable, first.next);
  expect(second.kind === 'page' && idsIn(second.page.bytes)).toEqual(['c']);
});

it('sends what Adobe asks for', async () => {
  await client.read(readable, oldestPlace(adobe.journal));
  expect(adobe.standIn.requests.last?.headers).toMatchObject({
    authorization: expect.stringMatching(/^Bearer /) as string,
    'x-api-key': 'client-1',
    'x-ims-org-id': 'ABC@AdobeOrg',
  });
});

it.each([
  [10, 10_000],
  [undefined, 2_000],
])('is told that there is nothing new, with Retry-After %s', async (retryAfter, waitMs) => {
  const { standIn, journal } = adobe;
  standIn.append(eventsOf(['a'], adobe.pace.now()));
  standIn.retryAfter = retryAfter;
  const page = await client.read(readable, latestPlace(journal));
  const next = page.kind === 'page' ? page.next : '';
  expect(await client.read(readable, next)).toEqual({ kind: 'nothing', next, waitMs });
});

it('seeks back in time', async () => {
  const { standIn, pace, journal } = adobe;
  standIn.append(eventsOf(['a'], pace.now()));
  pace.pass(6 * 3_600_000);
  standIn.append(eventsOf(['b'], pace.now()));
  const answer = await client.read(readable, placeBack(journal, 5 * 3_600_000));
  expect(answer.kind === 'page' && idsIn(answer.page.bytes)).toEqual(['b']);
});

it('hears that a position has expired, with Adobe’s words', async () => {
  const place = `${new URL(adobe.journal.url).pathname}?since=moose:1:2`;
  const reason = 'Events at position moose:1:2 have expired.';
  expect(await client.read(readable, place)).toEqual({ kind: 'expired', reason });
});

it('renews a token that Adobe refuses, once', async () => {
  await client.read(readable, oldestPlace(adobe.journal));
  adobe.standIn.access.expire();
  expect((await client.read(readable, oldestPlace(adobe.journal))).kind).toBe('nothing');
  adobe.standIn.failNext({ httpStatus: 401, path: '/events', times: 2 });
  const failure = await failureOf(client.read(readable, oldestPlace(adobe.journal)));
  expect(failure).toMatchObject({ code: 'adobe.401', retry: { kind: 'never' } });
});

const PAGE = JSON.stringify({ events: [], _page: { count: 0 } });

it.each([
  ['another host', '<https://evil.example/events?since=a>; rel="next"'],
  ['another scheme', '<ftp://127.0.0.1/events>; rel="next"'],
  ['another port', '<http://127.0.0.1:1/events>; rel="next"'],
  ['a host without a scheme', '<//evil.example/events>; rel="next"'],
  ['nowhere', '<>; rel="previous"'],
  ['nothing that can be read', '<<;;'],
])('does not follow a link to %s', async (_where, link) => {
  adobe.standIn.failNext({ path: '/events', httpStatus: 200, body: PAGE, headers: { link } });
  expect((await failureOf(client.read(readable, oldestPlace(adobe.journal)))).code).toBe('adobe.no_next');
});

it('does not follow a link to the page that it stands on', async () => {
  const place = oldestPlace(adobe.journal);
  const headers = { link: `<${place}>; rel="next"` };
  adobe.standIn.failNext({ path: '/events', httpStatus: 200, body: PAGE, headers });
  expect(await failureOf(client.read(readable, place))).toMatchObject({
    code: 'adobe.no_next',
    retry: { kind: 'backoff' },
  });
});

it('takes it for a failure that even the oldest place has expired', async () => {
  adobe.standIn.failNext({ path: '/events', httpStatus: 410, body: 'Gone.' });
  expect(await failureOf(client.read(readable, oldestPlace(adobe.journal)))).toMatchObject({
    code: 'adobe.all_expired',
    retry: { kind: 'backoff' },
  });
});

it('asks the journal’s own host even for a stored place that looks like another', async () => {
  const failure = await failureOf(client.read(readable, '//evil.example/events'));
  expect(failure.code).toBe('adobe.404');
  expect(adobe.standIn.requests.last?.headers.host).toBe(new URL(adobe.journal.url).host);
});

it.each([
  ['a page that is none', { httpStatus: 200, body: '<html>' }, 'adobe.unreadable', 'backoff'],
  [
    'a list of events that is none',
    { httpStatus: 200, body: '{"events":{}}' },
    'adobe.unreadable',
    'backoff',
  ],
  ['429', { httpStatus: 429, headers: { 'retry-after': '9' } }, 'adobe.429', 'at'],
  ['503', { httpStatus: 503 }, 'adobe.503', 'backoff'],
  ['a redirect', { httpStatus: 302, headers: { location: '/' } }, 'adobe.302', 'never'],
  ['403', { httpStatus: 403 }, 'adobe.403', 'never'],
  ['5 MB', { httpStatus: 200, body: 'x'.repeat(5_000_000) }, 'adobe.unreachable', 'backoff'],
  ['a cut connection', { reset: true }, 'adobe.unreachable', 'backoff'],
])('answers %s with a failure', async (_case, fault, code, kind) => {
  adobe.standIn.failNext({ ...fault, path: '/events' });
  const failure = await failureOf(client.read(readable, oldestPlace(adobe.journal)));
  expect(failure).toMatchObject({ code, retry: { kind } });
});
