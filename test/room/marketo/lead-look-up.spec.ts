import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { MarketoDestination } from '../../../src/contracts/connections.js';
import type { LeadLookUp } from '../../../src/marketo/lead-look-up.js';
import { MarketoStandIn } from '../../../src/sandbox/marketo-stand-in.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { openReading, type Reading } from './reading.js';

const INSTANCE = '123-ABC-456';
const CREDENTIALS = { clientId: 'client', clientSecret: 's3cret' };
const numbers = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => String(from + index));

describe('looking leads up', () => {
  const clock = { time: Date.parse('2026-05-04T10:00:00Z'), now: () => clock.time };
  const marketo = new MarketoStandIn(INSTANCE, CREDENTIALS, clock);
  const said: string[] = [];
  let redis: RedisForTest;
  let raw: Redis;
  let reading: Reading;
  let lookUp: LeadLookUp;
  let destination: MarketoDestination;

  beforeAll(async () => {
    Logger.overrideLogger({
      log: () => undefined,
      error: () => undefined,
      warn: (text: string) => said.push(text),
    });
    redis = await startRedis({ durable: false });
    raw = new Redis(redis.url);
    await marketo.listen('127.0.0.1', 0);
    destination = marketo.destination();
  });
  afterAll(async () => {
    await marketo.close();
    raw.disconnect();
    await redis.stop();
  });
  beforeEach(async () => {
    await raw.flushall();
    said.length = 0;
    reading = openReading(redis.url, clock);
    lookUp = reading.lookUp(destination);
  });
  afterEach(async () => {
    await reading.close();
    expect(marketo.violations.all()).toEqual([]);
    marketo.clear();
    // Beyond the window of the stand-in's own limit.
    clock.time += 60_000;
  });

  const look = (leadIds: readonly string[], fields: readonly string[] = ['email'], by = lookUp) =>
    by.lookUp([{ munchkinId: INSTANCE, leadIds, fields }]);
  const one = async (id: string, fields?: readonly string[], by?: LeadLookUp) =>
    (await look([id], fields, by)).get(`${INSTANCE}/${id}`);
  const asked = (path: string) => marketo.requests.all().filter(({ url }) => url.pathname.endsWith(path));
  const calls = () => marketo.calls.all().filter(({ operationId }) => operationId === 'getLeadsByFilter');

  it('takes three calls for 700 leads, two at once, and one for the names of the fields', async () => {
    marketo.instance.missingLeads.add(650);
    const answers = await look(numbers(700), ['Email Address', 'id']);
    expect(answers.size).toBe(700);
    expect(answers.get(`${INSTANCE}/7`)).toEqual({
      kind: 'found',
      fields: { 'Email Address': 'lead-7@acme.example', id: 7 },
    });
    expect(answers.get(`${INSTANCE}/650`)).toEqual({ kind: 'absent' });
    expect(asked('/leads.json')).toHaveLength(3);
    expect(asked('/describe.json')).toHaveLength(1);
  });

  it('asks at most two at a time', async () => {
    await one('1');
    marketo.limits.concurrent = 2;
    marketo.failNext({ delayMs: 100, times: 8 });
    const answers = await look(numbers(2_400));
    marketo.limits.concurrent = 10;
    expect([...answers.values()].filter(({ kind }) => kind !== 'found')).toEqual([]);
  });

  it('shares the calls of those who ask at about the same time, and gives each what it asked for', async () => {
    marketo.instance.setLead(7, { city: 'Oslo', country: 'Norway' });
    await one('1', ['city']);
    const [first, second, third] = await Promise.all([
      one('7', ['City']),
      one('7', ['country']),
      one('8', ['country', 'Lead Score']),
    ]);
    expect(first).toEqual({ kind: 'found', fields: { City: 'Oslo' } });
    expect(second).toEqual({ kind: 'found', fields: { country: 'Norway' } });
    expect(third).toEqual({ kind: 'found', fields: { country: null, 'Lead Score': null } });
    expect(
      calls()
        .slice(1)
        .map(({ parameters }) => parameters),
    ).toEqual([
      {
        filterType: 'id',
        filterValues: ['7', '8'],
        fields: ['id', 'city', 'country', 'leadScore'],
      },
    ]);
  });

  it('unites what is asked of a lead in one go, and knows an instance in any spelling', async () => {
    marketo.instance.setLead(7, { city: 'Oslo', country: 'Norway' });
    const answers = await lookUp.lookUp([
      { munchkinId: INSTANCE, leadIds: ['7'], fields: ['city'] },
      { munchkinId: INSTANCE, leadIds: ['7'], fields: ['country'] },
      { munchkinId: INSTANCE.toLowerCase(), leadIds: ['7'], fields: ['country'] },
    ]);
    expect([...answers]).toEqual([
      [`${INSTANCE}/7`, { kind: 'found', fields: { city: 'Oslo', country: 'Norway' } }],
      [`${INSTANCE.toLowerCase()}/7`, { kind: 'found', fields: { country: 'Norway' } }],
    ]);
    expect(calls()).toHaveLength(1);
  });

  it('answers null for a name that the instance does not know, and says so once a day', async () => {
    for (let turn = 0; turn < 2; turn += 1)
      expect(await one('7', ['Favourite Colour'])).toEqual({
        kind: 'found',
        fields: { 'Favourite Colour': null },
      });
    expect(calls()).toEqual([]);
    expect(said).toEqual([
      `Marketo instance ${INSTANCE} has no lead field "Favourite Colour" that can be read: rules find it empty.`,
    ]);
    marketo.instance.customFields.push({
      name: 'favColour',
      displayName: 'Favourite Colour',
      dataType: 'string',
    });
    marketo.instance.setLead(7, { favColour: 'green' });
    clock.time += 86_400_000;
    expect(await one('7', ['Favourite Colour'])).toEqual({
      kind: 'found',
      fields: { 'Favourite Colour': 'green' },
    });
    expect(asked('/describe.json')).toHaveLength(2);
  });

  it('goes on without a field that Marketo describes and does not tell', async () => {
    await one('1');
    marketo.instance.setLead(7, { city: 'Oslo' });
    marketo.instance.missingFields.add('leadScore');
    expect(await one('7', ['city', 'Lead Score'])).toEqual({
      kind: 'found',
      fields: { city: 'Oslo', 'Lead Score': null },
    });
    expect(await one('7', ['leadScore', 'country'])).toMatchObject({ kind: 'found' });
    expect(calls()).toHaveLength(4);
  });

  it.each(['', 'null', '007', '-7', '7,8', '9999999999', '7&filterType=email'])(
    'does not ask for the lead %j, which no instance can have',
    async (id) => {
      expect((await look([id, '7'])).get(`${INSTANCE}/${id}`)).toEqual({ kind: 'absent' });
      expect(calls().map(({ parameters }) => parameters['filterValues'])).toEqual([['7']]);
    },
  );

  it('knows nobody to ask for an instance without a connection, or with look-ups switched off', async () => {
    expect(
      await reading.lookUp().lookUp([{ munchkinId: INSTANCE, leadIds: ['7'], fields: ['city'] }]),
    ).toEqual(new Map([[`${INSTANCE}/7`, { kind: 'nobody' }]]));
    const off = reading.lookUp({ ...destination, lookUps: { perDay: 0 } });
    expect(await one('7', ['city'], off)).toEqual({ kind: 'nobody' });
    expect(marketo.requests.size).toBe(0);
  });

  it('takes the first destination by name where several lead to an instance', async () => {
    const both = reading.lookUp(destination, { ...destination, clientSecret: 'another' });
    expect(await one('7', ['email'], both)).toMatchObject({ kind: 'found' });
  });

  describe('when Marketo fails', () => {
    beforeEach(() => one('1'));

    it('renews a token that ran out', async () => {
      marketo.access.expire();
      expect(await one('7')).toMatchObject({ kind: 'found' });
      expect(asked('/token')).toHaveLength(2);
    });

    it.each([
      ['cuts the connection', { reset: true }],
      ['answers 503', { httpStatus: 503 }],
      ['answers 611 inside a 200', { code: '611' }],
      ['answers half a body', { httpStatus: 200, body: '{"success":true,"result":[{"id":7,' }],
      ['answers a page', { httpStatus: 200, body: '<html>' }],
    ])('tries once more when it %s, and then says when to ask again', async (_what, fault) => {
      marketo.failNext(fault);
      expect(await one('7')).toMatchObject({ kind: 'found' });
      marketo.failNext({ ...fault, times: 2 });
      expect(await one('7')).toEqual({
        kind: 'unavailable',
        reason: expect.stringMatching(/^(Marketo answered|The connection to Marketo was lost)/) as string,
        retryAt: clock.time + 30_000,
      });
      expect(asked('/leads.json')).toHaveLength(5);
      expect(said.at(-1)).toMatch(/^Leads of 123-ABC-456 could not be looked up: /);
    });

    it('leaves the leads of one call unknown and finds those of the others', async () => {
      marketo.failNext({ code: '603' });
      const answers = [...(await look(numbers(600))).values()];
      expect(answers.filter(({ kind }) => kind === 'found')).toHaveLength(300);
      expect(answers.filter(({ kind }) => kind === 'unavailable')).toHaveLength(300);
    });

    it('does not try again when too many call at once, or when a person must mend it', async () => {
      marketo.failNext({ code: '615' });
      expect(await one('7')).toMatchObject({ kind: 'unavailable', retryAt: clock.time + 1_000 });
      marketo.failNext({ code: '603', body: 'Access denied' });
      expect(await one('7')).toEqual({
        kind: 'unavailable',
        reason: 'Marketo answered 603: Access denied',
        retryAt: clock.time + 600_000,
      });
      expect(asked('/leads.json')).toHaveLength(3);
    });

    it('asks nobody again before 606 has passed, in no process', async () => {
      marketo.failNext({ code: '606' });
      const retryAt = clock.time + 20_000;
      expect(await one('7')).toMatchObject({ kind: 'unavailable', retryAt });
      const other = openReading(redis.url, clock);
      expect(await one('7', ['email'], other.lookUp(destination))).toMatchObject({
        kind: 'unavailable',
        retryAt,
      });
      expect(asked('/leads.json')).toHaveLength(2);
      clock.time += 20_000;
      expect(await one('7', ['email'], other.lookUp(destination))).toMatchObject({ kind: 'found' });
      await other.close();
    });

    it('asks nobody for a quarter of an hour after 607, and then finds out whether it still holds', async () => {
      marketo.failNext({ code: '607' });
      const midnight = Date.parse('2026-05-06T05:00:00Z');
      clock.time = midnight - 3_600_000;
      const retryAt = clock.time + 15 * 60_000;
      expect(await one('7')).toMatchObject({ kind: 'unavailable', retryAt });
      clock.time = retryAt - 1;
      expect(await one('7')).toEqual({
        kind: 'unavailable',
        reason: 'Marketo says that the calls of the day of 123-ABC-456 are used up',
        retryAt,
      });
      expect(asked('/leads.json')).toHaveLength(2);
      clock.time = retryAt;
      expect(await one('7')).toMatchObject({ kind: 'found' });
      const { values } = await reading.metrics.marketoCalls.get();
      const counted = Object.fromEntries(values.map(({ labels, value }) => [String(labels.outcome), value]));
      // The names of the fields, and two leads; 607; one that was not asked about.
      expect(counted).toEqual({ done: 3, failed: 1, 'no-budget': 1 });
    });
  });

  it.each([
    ['answers 500', { httpStatus: 500, times: 2 }],
    ['has no right', { code: '603' }],
    ['tells of no fields', { httpStatus: 200, body: '{"success":true,"result":[]}' }],
  ])('finds nothing while the fields cannot be had (%s), and recovers', async (_what, fault) => {
    marketo.failNext({ ...fault, path: 'describe' });
    expect(await one('7')).toMatchObject({ kind: 'unavailable' });
    expect(calls()).toEqual([]);
    expect(await one('7')).toMatchObject({ kind: 'found' });
  });

  it('waits for a Marketo that hangs no longer than it said, whatever hangs', async () => {
    const hurried = openReading(redis.url, clock, { attemptMs: 250, totalMs: 400 });
    const hasty = hurried.lookUp(destination);
    marketo.failNext({ hang: true, path: '/token' });
    const began = performance.now();
    const answer = await one('7', ['email'], hasty);
    expect(answer).toEqual({
      kind: 'unavailable',
      reason: 'Marketo did not tell of the leads within 0.4 s',
      retryAt: clock.time + 30_000,
    });
    expect(performance.now() - began).toBeLessThan(2_000);
    await hurried.close();
  });
});
