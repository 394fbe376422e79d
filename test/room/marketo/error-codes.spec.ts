import type { Retry } from '../../../src/contracts/failure.js';
import { HttpClient } from '../../../src/http/http-client.js';
import { MarketoClient } from '../../../src/marketo/marketo-client.js';
import { MARKETO_ERRORS } from '../../../src/marketo/marketo-errors.js';
import { mayBeOneRecord } from '../../../src/marketo/marketo-failure.js';
import { MarketoTokens } from '../../../src/marketo/marketo-tokens.js';
import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';
import { failureOf } from '../../support/attempts.js';

// Sunday, 1 November 2026, the day on which the clocks in Chicago go back.
const NOW = Date.parse('2026-11-01T18:00:00Z');
const MIDNIGHT = Date.parse('2026-11-02T06:00:00Z');
const QUARTER = 15 * 60_000;

const NEVER: Retry = { kind: 'never' };
const BACKOFF: Retry = { kind: 'backoff' };
const at = (time: number): Retry => ({ kind: 'at', at: time });
const lane = (time: number): Retry => ({ kind: 'lane', at: time });

/** What each code means, but for those that are about one record and are never tried again. */
const SPECIAL: Readonly<Record<string, { retry: Retry; down?: true; unknown?: true; tries?: number }>> = {
  500: { retry: BACKOFF, tries: 3 },
  502: { retry: BACKOFF, down: true },
  601: { retry: BACKOFF, down: true },
  602: { retry: BACKOFF, down: true },
  604: { retry: BACKOFF, unknown: true },
  606: { retry: lane(NOW + 20_000) },
  607: { retry: lane(NOW + QUARTER) },
  608: { retry: BACKOFF, down: true },
  611: { retry: BACKOFF, down: true },
  614: { retry: BACKOFF, down: true },
  615: { retry: at(NOW + 1_000) },
  713: { retry: BACKOFF },
  719: { retry: BACKOFF },
  1016: { retry: at(NOW + QUARTER) },
  1019: { retry: at(NOW + QUARTER) },
  1020: { retry: at(MIDNIGHT) },
  1022: { retry: at(NOW + QUARTER) },
  1029: { retry: at(NOW + QUARTER) },
};
/** Without one of its records, a call that fails with these would fail all the same. */
const ABOUT_ALL = [
  ...['603', '605', '609', '610', '612', '613', '616', '703', '710', '711'],
  ...['1008', '1009', '1013', '1018', '1025', '1026', '1027', '1028', '1035'],
];

describe('what Marketo refuses with', () => {
  const http = new HttpClient();
  const clock = { time: NOW, now: () => clock.time };
  const marketo = new MarketoStandIn('123-ABC-456', { clientId: 'c', clientSecret: 's' }, clock);
  const client = new MarketoClient(http, new MarketoTokens(http, clock), clock);

  beforeAll(() => marketo.listen('127.0.0.1', 0));
  beforeEach(() => {
    marketo.limits.perWindow = Infinity;
  });
  afterEach(() => {
    marketo.clear();
  });
  afterAll(async () => {
    await http.close();
    await marketo.close();
  });

  const send = () =>
    client.call(marketo.destination(), {
      ...{ method: 'POST', path: '/rest/v1/lists/1/leads.json?id=7', timeoutMs: 5_000 },
    });

  it.each([...Object.keys(MARKETO_ERRORS), '9999'])('%s', async (code) => {
    const { retry, down, unknown, tries } = SPECIAL[code] ?? { retry: NEVER };
    marketo.failNext({ code, body: 'the reason', times: 2 });
    const failure = await failureOf(send());
    const suffix = code === '601' || code === '602' ? ', also with a new token' : '';
    expect(failure.message).toBe(`Marketo answered ${code}: the reason${suffix}`);
    expect(failure).toMatchObject({ code: `marketo.${code}`, retry, outcomeUnknown: unknown ?? false });
    expect([failure.destination, failure.tries]).toEqual([down ? 'down' : undefined, tries]);
    expect(mayBeOneRecord(failure)).toBe(SPECIAL[code] === undefined && !ABOUT_ALL.includes(code));
  });

  it('1029, waits for the next day when it is about a quota of the day', async () => {
    marketo.failNext({ code: '1029', body: 'Export daily quota 500MB exceeded' });
    expect((await failureOf(send())).retry).toEqual(at(MIDNIGHT));
  });

  it('607 shortly before midnight, and waits no longer than until then', async () => {
    clock.time = MIDNIGHT - 60_000;
    marketo.failNext({ code: '607' });
    expect((await failureOf(send())).retry).toEqual(lane(MIDNIGHT));
    clock.time = NOW;
  });

  it.each([
    [413, NEVER, undefined, true],
    [414, NEVER, undefined, false],
    [500, BACKOFF, 'down', false],
    [503, BACKOFF, 'down', false],
  ])('HTTP %i', async (httpStatus, retry, destination, splits) => {
    marketo.failNext({ httpStatus, path: '/rest/' });
    const failure = await failureOf(send());
    expect(failure).toMatchObject({ code: `http.${httpStatus}`, retry });
    expect([failure.destination, mayBeOneRecord(failure)]).toEqual([destination, splits]);
  });

  it.each([
    ['credentials that it does not know', { httpStatus: 401 }, 'marketo.unauthorized', BACKOFF],
    ['a token service that is away', { httpStatus: 503 }, 'http.503', BACKOFF],
  ])('%s', async (_what, fault, code, retry) => {
    const fresh = new MarketoClient(http, new MarketoTokens(http, clock), clock);
    marketo.failNext({ ...fault, path: '/identity/' });
    const failure = await failureOf(fresh.authorise(marketo.destination()));
    expect(failure).toMatchObject({ code, retry, destination: 'down', outcomeUnknown: false });
  });

  it('nothing at all, when nobody is there', async () => {
    const nowhere = { ...marketo.destination(), origin: 'http://127.0.0.1:1' };
    const failure = await failureOf(
      client.call(nowhere, { method: 'GET', path: '/rest/v1/x.json', timeoutMs: 1_000 }),
    );
    expect(failure).toMatchObject({ retry: BACKOFF, destination: 'down', outcomeUnknown: false });
  });
});
