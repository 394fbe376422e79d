import { Redis } from 'ioredis';
import type { GivenAnswer, SentRequest } from '../../../src/contracts/attempt.js';
import type { MarketoDestination } from '../../../src/contracts/connections.js';
import type { Priority } from '../../../src/contracts/effect.js';
import type { CallPart, SharedCall } from '../../../src/marketo/coalescer.js';
import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';
import { failureOf } from '../../support/attempts.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { type Acting, openActing } from './acting.js';

const NOON = Date.parse('2026-05-04T17:00:00Z');
const SYNC: SharedCall = {
  ...{ kind: 'marketo.syncLead', target: [], most: 300, timeoutMs: 5_000 },
  request: (input) => ({ method: 'POST', path: '/rest/v1/leads.json', body: { input } }),
};
const trigger = (campaign: number): SharedCall => ({
  ...{ kind: 'marketo.requestCampaign', target: [campaign], most: 100, timeoutMs: 5_000 },
  request: (leads) => ({
    method: 'POST',
    path: `/rest/v1/campaigns/${campaign}/trigger.json`,
    body: { input: { leads } },
  }),
  told: ([row]) => row,
});
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('sharing calls', () => {
  const clock = { time: NOON, now: () => clock.time };
  const marketo = new MarketoStandIn('123-ABC-456', { clientId: 'c', clientSecret: 's' }, clock);
  let redis: RedisForTest;
  let raw: Redis;
  let acting: Acting;
  let instance: MarketoDestination;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    raw = new Redis(redis.url);
    await marketo.listen('127.0.0.1', 0);
    instance = marketo.destination();
    acting = openActing(redis.url, clock);
  });
  beforeEach(() => raw.flushall());
  afterEach(() => {
    expect(marketo.violations.all()).toEqual([]);
    marketo.clear();
    clock.time += 60_000;
  });
  afterAll(async () => {
    await acting.close();
    raw.disconnect();
    await marketo.close();
    await redis.stop();
  });

  const UNHEARD = { sent: () => undefined, answered: () => undefined };
  const send = (call: SharedCall, row: CallPart['row'], more: Partial<CallPart> = {}) =>
    acting.coalescer.send({
      instance,
      call,
      row,
      signal: AbortSignal.timeout(10_000),
      trace: UNHEARD,
      ...more,
    });
  const request = (campaign: number, id: number, more?: Partial<CallPart>) =>
    send(trigger(campaign), { id }, { rowKey: String(id), ...more });
  const mail = (name: number | string) => ({ email: `lead-of-${name}@acme.example` });
  const sizes = () =>
    marketo.calls.all().map(({ body }) => {
      const { input } = body as { input: readonly unknown[] | { leads: readonly unknown[] } };
      return 'leads' in input ? input.leads.length : input.length;
    });

  it('puts all that come at about the same time into as few calls as Marketo takes', async () => {
    const rows = await Promise.all(numbers(700).map((number) => send(SYNC, mail(number))));
    expect(sizes().sort()).toEqual([100, 300, 300]);
    expect(new Set(rows.map((row) => row?.['id'])).size).toBe(700);
    const { values } = await acting.metrics.marketoRecords.get();
    expect(values).toEqual([{ labels: { instance: '123-ABC-456', kind: 'marketo.syncLead' }, value: 700 }]);
    const calls = await acting.metrics.marketoCalls.get();
    expect(calls.values).toMatchObject([{ labels: { outcome: 'done' }, value: 3 }]);
  });

  it('keeps apart what has another target', async () => {
    await Promise.all([1, 2, 1, 2, 3].map((campaign, index) => request(campaign, index + 1)));
    expect(sizes().sort()).toEqual([1, 2, 2]);
    await Promise.all([
      send(SYNC, mail(1)),
      send(SYNC, mail(2), { instance: { ...instance, munchkinId: '123-abc-456' } }),
    ]);
    expect(sizes().at(-1)).toBe(2);
  });

  it('gives each its own row, also beside one that is skipped', async () => {
    const rows = await Promise.all([
      send(SYNC, mail('a')),
      send(SYNC, { email: 'bad' }),
      send(SYNC, mail('b')),
    ]);
    expect(sizes()).toEqual([3]);
    expect(rows.map((row) => row?.['status'])).toEqual(['created', 'skipped', 'created']);
    expect(rows[1]?.['reasons']).toMatchObject([{ code: '1003' }]);
  });

  it('never has one key twice in a call: the later goes when the earlier is over', async () => {
    marketo.failNext({ delayMs: 200, path: '/leads.json' });
    const row = (lastName: string) => ({ ...mail('x'), lastName });
    const same = { rowKey: 'email x' };
    await Promise.all([
      send(SYNC, row('A'), same),
      send(SYNC, row('B'), same),
      send(SYNC, mail('y'), { rowKey: 'y' }),
    ]);
    expect(sizes()).toEqual([2, 1]);
    expect(marketo.instance.findLeads('email', mail('x').email)).toHaveLength(1);
    expect(marketo.instance.findLeads('lastName', 'B')).toHaveLength(1);
  });

  it('splits what is larger than Marketo takes', async () => {
    const address = 'x'.repeat(100_000);
    await Promise.all(numbers(20).map((number) => send(SYNC, { ...mail(number), address })));
    expect(sizes().sort()).toEqual([4, 8, 8]);
  });

  it('lets one bad record fail alone', async () => {
    marketo.instance.missingLeads.add(42);
    const asked = numbers(100).map((id) => request(7, id));
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(await failureOf(asked[41] as Promise<unknown>)).toMatchObject({ code: 'marketo.1004' });
    const requested = marketo.instance.campaignRequests.all().flatMap(({ leadIds }) => leadIds);
    expect(requested.sort((a, b) => a - b)).toEqual(numbers(100).filter((id) => id !== 42));
    expect(marketo.calls.size).toBeLessThanOrEqual(1 + 2 * 7);
  });

  it('asks once about what all share', async () => {
    marketo.failNext({ code: '1013', body: 'Campaign not found', times: 20 });
    const failures = await Promise.all(numbers(50).map((id) => failureOf(request(7, id))));
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['marketo.1013']));
    expect(marketo.requests.all().filter(({ url }) => url.pathname.includes('trigger'))).toHaveLength(1);
  });

  it('splits a call that is too large after all', async () => {
    marketo.failNext({ httpStatus: 413, path: '/leads.json' });
    const rows = await Promise.all(numbers(10).map((number) => send(SYNC, mail(number))));
    expect(rows.every((row) => row?.['status'] === 'created')).toBe(true);
    expect(sizes()).toEqual([5, 5]);
  });

  it('leaves each in doubt when the answer is lost', async () => {
    marketo.failNext({ reset: true, afterEffect: true, path: '/leads.json' });
    const failures = await Promise.all(numbers(5).map((number) => failureOf(send(SYNC, mail(number)))));
    expect(failures.every(({ code, outcomeUnknown }) => code === 'http.lost' && outcomeUnknown)).toBe(true);
    expect(sizes()).toEqual([5]);
  });

  it('lets more join while there is no call, and goes with the highest priority of all', async () => {
    const narrow = { ...instance, calls: { atOnce: 2 } };
    const [blocking, blocked] = [await take(narrow, 'low'), await failedTake(narrow, 'low')];
    expect(blocked).toBe('places');
    const low = [1, 2].map((number) => send(SYNC, mail(number), { instance: narrow, priority: 'low' }));
    await eventually(async () => (await acting.budget.report(narrow)).places === 1);
    const high = send(SYNC, mail(3), { instance: narrow, priority: 'high' });
    await Promise.all([...low, high]);
    expect(sizes()).toEqual([3]);
    await acting.budget.giveBack(narrow, blocking, 'done');
  });

  async function take(of: MarketoDestination, priority: Priority): Promise<string> {
    const grant = await acting.budget.take(of, { kind: 'test', priority, leaseMs: 60_000 });
    return 'lease' in grant ? grant.lease : 'none';
  }
  async function failedTake(of: MarketoDestination, priority: Priority): Promise<string> {
    const grant = await acting.budget.take(of, { kind: 'test', priority, leaseMs: 60_000 });
    return 'obstacle' in grant ? grant.obstacle : 'none';
  }

  it('postpones all of a call when the budget has none for long', async () => {
    const limited = { ...instance, dailyCalls: 100 };
    await raw.hset('{signalman}:usage:123-ABC-456', {
      day: Date.parse('2026-05-05T05:00:00Z'),
      used: 80,
      at: NOON,
    });
    const failures = await Promise.all(
      numbers(3).map((number) => failureOf(send(SYNC, mail(number), { instance: limited, priority: 'low' }))),
    );
    expect(failures).toMatchObject(
      numbers(3).map(() => ({
        code: 'marketo.budget.day',
        postponed: true,
        retry: { kind: 'at', at: Date.parse('2026-05-05T05:00:00Z') },
      })),
    );
    await send(SYNC, mail(4), { instance: limited });
    expect(sizes()).toEqual([1]);
  });

  it('holds the lane where nothing may be sent at all', async () => {
    marketo.failNext({ code: '606' });
    expect((await failureOf(send(SYNC, mail(1)))).retry).toEqual({ kind: 'lane', at: clock.time + 20_000 });
    expect(await failureOf(send(SYNC, mail(1), { priority: 'high' }))).toMatchObject({
      code: 'marketo.budget.paused',
      postponed: true,
      retry: { kind: 'lane', at: clock.time + 20_000 },
    });
  });

  it('leaves out one whose time is up while it waits, and is in doubt about one whose call is under way', async () => {
    marketo.failNext({ hang: true, path: '/leads.json' });
    const early = new AbortController();
    const late = new AbortController();
    const waiting = [
      failureOf(send(SYNC, mail(1), { signal: early.signal })),
      failureOf(send(SYNC, mail(2), { signal: late.signal })),
    ];
    early.abort();
    expect(await waiting[0]).toMatchObject({ code: 'http.timeout', outcomeUnknown: false });
    await marketo.requests.waitFor((all) => all.some(({ url }) => url.pathname.endsWith('/leads.json')));
    late.abort();
    expect(await waiting[1]).toMatchObject({ code: 'http.timeout', outcomeUnknown: true });
    expect(JSON.parse(String(marketo.requests.last?.body))).toEqual({ input: [mail(2)] });
  });

  it('shows each its own part of what went and came', async () => {
    const heard: (SentRequest | GivenAnswer)[][] = [[], []];
    const trace = (index: number) => ({
      sent: (sent: SentRequest) => heard[index]?.push(sent),
      answered: (answer: GivenAnswer) => heard[index]?.push(answer),
    });
    await Promise.all([
      send(SYNC, mail(1), { trace: trace(0) }),
      send(SYNC, { email: 'bad' }, { trace: trace(1) }),
    ]);
    expect(heard[0]?.[0]).toEqual({
      method: 'POST',
      target: `${marketo.origin}/rest/v1/leads.json`,
      body: JSON.stringify({ input: [mail(1)] }),
      together: 2,
    });
    const answer = heard[1]?.at(-1) as GivenAnswer;
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      requestId: expect.stringMatching(/#/) as string,
      success: true,
      result: [{ status: 'skipped' }],
    });
    heard[0] = [];
    marketo.failNext({ code: '1013', body: 'gone' });
    await failureOf(send(SYNC, mail(1), { trace: trace(0) }));
    expect(JSON.parse((heard[0].at(-1) as GivenAnswer).text)).toMatchObject({ errors: [{ code: '1013' }] });
  });

  it.each<[string, Parameters<MarketoStandIn['failNext']>[0], string]>([
    ['quotes the request', { httpStatus: 502, body: 'no way to ?id=7001&id=7002' }, ''],
    ['is broken off', { httpStatus: 200, body: '{"success":true,"result":[{"id":7001},{"id":70' }, ''],
    [
      'refuses all',
      { code: '1013', body: 'Campaign of lead 7002 not found' },
      '{"requestId":"…","success":false,"errors":[{"code":"1013"}]}',
    ],
  ])('shows none of them what is of the others in an answer that %s', async (_what, failure, shown) => {
    marketo.failNext({ ...failure, path: 'trigger' });
    const heard: GivenAnswer[] = [];
    const trace = { sent: () => undefined, answered: (answer: GivenAnswer) => heard.push(answer) };
    await Promise.all([7_001, 7_002].map((id) => failureOf(request(7, id, { trace }))));
    expect(heard).toHaveLength(2);
    for (const { text } of heard) expect(text.replace(/"requestId":"[^"]+"/, '"requestId":"…"')).toBe(shown);
  });

  it('shows one that went alone the whole answer', async () => {
    const body = 'no way to ?id=7001';
    marketo.failNext({ httpStatus: 502, body, path: 'trigger' });
    const heard: GivenAnswer[] = [];
    await failureOf(
      request(7, 7_001, { trace: { sent: () => undefined, answered: (answer) => heard.push(answer) } }),
    );
    expect(heard).toEqual([{ status: 502, text: body }]);
  });
});
