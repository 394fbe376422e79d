import { Redis } from 'ioredis';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConsoleApp } from './console-app.js';

const PATH = '/api/v1/silences';
const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

let redis: RedisForTest;
let client: Redis;
let api: ConsoleApp;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  await client.flushall();
  api = await ConsoleApp.start(redis.url);
});
afterEach(async () => {
  await api.stop();
});

describe('silences over the API', () => {
  it('are set and ended by an operator, seen by a viewer, and every change is in the audit', async () => {
    const operator = await api.key('operator', 'night shift');
    const viewer = await api.key('viewer');
    const until = inHours(2);
    const where = { leadId: '7', type: 'marketo.activity.*' };
    const every = { cron: '0 22 * * 6', for: '90m', timeZone: 'Europe/Berlin' };
    const body = { rules: 'leads/*', reason: 'a migration', until, where, every };
    const added = await api.ask(PATH, { method: 'POST', key: operator, body });
    expect([added.status, added.json]).toEqual([
      201,
      {
        ...body,
        id: expect.any(String) as string,
        owner: 'night shift',
        from: expect.any(String) as string,
        createdAt: added.json['from'],
        createdBy: operator.split('_')[1],
        state: 'holds',
      },
    ]);
    expect((await api.ask(PATH, { key: viewer })).json['silences']).toEqual([added.json]);
    const id = String(added.json['id']);
    const ended = await api.ask(`${PATH}/${id}`, { method: 'DELETE', key: operator });
    expect([ended.status, ended.json['ended']]).toMatchObject([
      200,
      { id, rules: 'leads/*', state: 'ended' },
    ]);
    const again = await api.ask(`${PATH}/${id}`, { method: 'DELETE', key: operator });
    expect([again.status, again.json['error']]).toEqual([409, 'silence.over']);
    const { json } = await api.ask('/api/v1/audit?limit=2', { key: await api.key('admin') });
    const who = { name: 'night shift', from: '127.0.0.1', target: id };
    expect(json['changes']).toMatchObject([
      { ...who, what: 'silence.ended', detail: expect.stringContaining('leads/* until ') as string },
      { ...who, what: 'silence.added', detail: `leads/* until ${until}: a migration` },
    ]);
  });

  it('are for operators to change, and for viewers to see', async () => {
    const viewer = await api.key('viewer');
    const body = { rules: '*', reason: 'r', until: inHours(1) };
    const statuses = [
      await api.ask(PATH, { key: viewer }),
      await api.ask(PATH, { method: 'POST', key: viewer, body }),
      await api.ask(`${PATH}/x`, { method: 'DELETE', key: viewer }),
      await api.ask(`${PATH}/x`, { method: 'DELETE', key: await api.key('operator') }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 403, 403, 404]);
  });

  it.each<[object, RegExp]>([
    [{}, /^rules: give the id of a rule.* reason: give a reason\. until: give a time/],
    [{ until: null }, /until: give a time/],
    [{ until: '2020-01-01' }, /must lie in the future/],
    [{ from: null }, /from: give a time/],
    [{ where: [] }, /where: give an object with leadId/],
    [{ where: 'x' }, /where: give an object with leadId/],
    [{ where: { leadId: 7 } }, /where\.leadId: give the id of a lead as a text/],
    [{ where: { lead: '7' } }, /no member "where\.lead"/],
    [{ every: { cron: '* * * * *', for: '2 hours', timeZone: 'UTC' } }, /every\.for: give a duration/],
    [{ every: { cron: '* * * * *', for: '2h' } }, /every\.timeZone: give a time zone/],
    [{ every: { cron: 'x', for: '2h', timeZone: 'UTC' } }, /"x" never comes/],
    [{ id: 'mine' }, /no member "id"/],
  ])('answers 400 to %j, saying why', async (wrong, message) => {
    const good = Object.keys(wrong).length === 0 ? {} : { rules: '*', reason: 'r', until: inHours(1) };
    const body = { ...good, ...wrong };
    const { status, json } = await api.ask(PATH, { method: 'POST', key: await api.key('operator'), body });
    expect([status, await client.exists('{signalman}:rule-silences')]).toEqual([400, 0]);
    expect(json['message']).toMatch(message);
  });
});
