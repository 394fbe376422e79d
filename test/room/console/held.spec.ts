import { HeldEffects } from '../../../src/queues/held-effects.js';
import { HeldRules } from '../../../src/queues/held-rules.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { firingsOf, namesFrom, RULE_ID } from '../../support/held-firings.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ConsoleApp } from './console-app.js';

const HELD = '/api/v1/held';
const OF_RULE = `${HELD}/${encodeURIComponent(RULE_ID)}`;
const HOLDING = { id: 'h', reason: 'more than 2 firings in 1h', since: Date.parse('2026-11-26T10:00:00Z') };

let redis: RedisForTest;
let connections: RedisConnections;
let api: ConsoleApp;

beforeAll(async () => {
  redis = await startRedis();
  connections = new RedisConnections(redis.url);
});
afterAll(async () => {
  await connections.close();
  await redis.stop();
});
beforeEach(async () => {
  await connections.forWorkers().flushall();
  await new HeldEffects(connections).add(firingsOf(HOLDING, namesFrom(1, 6)));
  api = await ConsoleApp.start(redis.url);
});
afterEach(async () => {
  await api.stop();
});

it('shows a viewer how much is held, and an operator for whom', async () => {
  const report = {
    ruleId: RULE_ID,
    reason: HOLDING.reason,
    since: '2026-11-26T10:00:00.000Z',
    effects: 5,
    leads: 5,
    kinds: [{ type: 'webhook', to: 'crm', effects: 5 }],
  };
  const [viewer, operator] = [await api.key('viewer'), await api.key('operator')];
  expect((await api.ask(HELD, { key: viewer })).json).toEqual({ held: [report] });
  expect((await api.ask(OF_RULE, { key: viewer })).json).toEqual(report);
  expect((await api.ask(`${OF_RULE}/leads`, { key: viewer })).status).toBe(403);
  const { json } = await api.ask(OF_RULE, { key: operator });
  expect(json['samples']).toHaveLength(3);
  expect((await api.ask(`${OF_RULE}/leads`, { key: operator })).json).toEqual({
    leads: namesFrom(1, 6).map((name) => `123-ABC-456/${name}`),
  });
});

it('shows rules and leads a page at a time', async () => {
  const effects = new HeldEffects(connections);
  const other = firingsOf({ ...HOLDING, id: 'i' }, ['x']);
  await effects.add(other.map((firing) => ({ ...firing, ruleId: 'leads/b' })));
  const key = await api.key('operator');
  const idsOf = ({ json }: { json: Record<string, unknown> }) =>
    (json['held'] as { ruleId: string }[]).map(({ ruleId }) => ruleId);
  const page = await api.ask(`${HELD}?limit=1`, { key });
  expect(idsOf(page)).toEqual(['leads/b']);
  const rest = await api.ask(`${HELD}?limit=1&cursor=${String(page.json['cursor'])}`, { key });
  expect([idsOf(rest), rest.json['cursor']]).toEqual([[RULE_ID], undefined]);
  const leads = await api.ask(`${OF_RULE}/leads?limit=3`, { key });
  expect(leads.json['leads']).toHaveLength(3);
  const others = await api.ask(`${OF_RULE}/leads?limit=3&cursor=${String(leads.json['cursor'])}`, { key });
  expect(others.json).toEqual({ leads: ['123-ABC-456/4', '123-ABC-456/5'] });
  for (const path of [`${HELD}?cursor=x`, `${OF_RULE}/leads?cursor=x`, `${OF_RULE}/leads?limit=1001`])
    expect((await api.ask(path, { key })).status).toBe(400);
});

it('lets an operator release the first few, and discard the rest', async () => {
  const key = await api.key('operator', 'night shift');
  const ask = (path: string) => api.ask(`${OF_RULE}/${path}`, { method: 'POST', key });
  expect((await ask('release?first=0')).status).toBe(400);
  expect((await ask('release?first=2')).json).toEqual({ released: { ruleId: RULE_ID, effects: 2 } });
  expect((await ask('discard')).json).toEqual({ discarded: { ruleId: RULE_ID, effects: 3 } });
  expect((await ask('discard')).status).toBe(404);
  const by = 'night shift';
  expect(await new HeldRules(connections).decided()).toMatchObject([
    { decision: 'release', by },
    { decision: 'discard', by },
  ]);
  const { json } = await api.ask('/api/v1/audit?limit=2', { key: await api.key('admin') });
  const who = { name: 'night shift', target: RULE_ID };
  expect(json['changes']).toMatchObject([
    { ...who, what: 'held.discarded', detail: '3 effects: more than 2 firings in 1h' },
    { ...who, what: 'held.released', detail: '2 effects: more than 2 firings in 1h' },
  ]);
});

it('is for operators to decide', async () => {
  const key = await api.key('viewer');
  for (const path of ['release', 'discard'])
    expect((await api.ask(`${OF_RULE}/${path}`, { method: 'POST', key })).status).toBe(403);
  expect(await new HeldRules(connections).find(RULE_ID)).toMatchObject({ id: 'h' });
});
