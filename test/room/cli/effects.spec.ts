import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effectsCommand } from '../../../src/cli/effects.command.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { leadOwner } from '../../../src/contracts/lead-owner.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import type { Settlement } from '../../../src/delivery/ledger-terms.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { Lanes } from '../../../src/queues/lanes.js';
import { laneKey } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from '../delivery/some-effect.js';

let redis: RedisForTest;
let connections: RedisConnections;
let ledger: EffectLedger;
let lanes: LaneQueues;
let connectionsFile = '/nowhere';

beforeAll(async () => {
  redis = await startRedis();
  connections = new RedisConnections(redis.url);
  ledger = new EffectLedger(connections);
  lanes = new LaneQueues(connections.forWorkers());
});
afterAll(async () => {
  await lanes.onApplicationShutdown();
  await connections.close();
  await redis.stop();
});
beforeEach(async () => {
  await connections.forWorkers().flushall();
});

async function effects(...args: string[]): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = {
    redisUrl: redis.url,
    dataDir: '/nowhere',
    rulesDir: 'rules',
    connectionsFile,
  } as AppConfig;
  const command = effectsCommand(terminal, () => config);
  for (const each of [command, ...command.commands])
    each.exitOverride().configureOutput({ writeErr: terminal.complain });
  await command.parseAsync(args, { from: 'user' });
  return terminal;
}

async function attempt(effect: Effect, state: Settlement, reason: string): Promise<Effect> {
  await ledger.claim(effect, { token: 't', leaseMs: 60_000 });
  const end = ending(state, reason);
  const request = {
    method: 'POST',
    target: 'https://crm.acme.example/hook',
    headers: { a: 'b' },
    body: '{"lead":7}',
  };
  const record = { at: '2026-05-04T10:00:00.000Z', ms: 12, outcome: 'done', reason, request } as const;
  await ledger.settle(effect, 't', {
    ...end,
    record: { ...record, answer: { status: 200, text: 'thanks' } },
  });
  return effect;
}

/** In the queue of its destination, until its time comes. */
async function delayed(effect: Effect, ms: number): Promise<void> {
  await lanes.add(effect.to, [{ name: effect.type, data: effect, opts: { jobId: effect.id, delay: ms } }]);
}

it('says when there are none', async () => {
  expect((await effects()).printed).toEqual(['There are no such effects.']);
});

it('lists before what was sent what waits for its next try, after how many attempts and why', async () => {
  const done = await attempt(someEffect(), 'done', '200 OK');
  const failed = await attempt(someEffect(), 'waiting', 'http.503: Slack answered 503');
  const before = Date.now();
  await delayed(failed, 3_600_000);
  const fresh = someEffect();
  await delayed(fresh, 7_200_000);

  const { printed } = await effects();
  expect(printed).toEqual([
    expect.stringMatching(
      new RegExp(
        `^\\S+Z {2}next try {2}slack → ops {2}leads/x {2}${failed.id} {2}after attempt 1: http\\.503: Slack answered 503$`,
      ),
    ),
    expect.stringMatching(
      new RegExp(`^\\S+Z {2}next try {2}slack → ops {2}leads/x {2}${fresh.id} {2}not attempted yet$`),
    ),
    expect.stringMatching(new RegExp(`^\\S+Z {2}done {2}slack → ops {2}leads/x {2}${done.id} {2}200 OK$`)),
  ]);
  expect(Date.parse(printed[0]?.split(' ')[0] ?? '')).toBeGreaterThanOrEqual(before + 3_600_000);
  const few = await effects('--limit', '1', '--json');
  expect(JSON.parse(few.printed.join(''))).toMatchObject([
    { kind: 'retrying', attempts: 1 },
    { kind: 'effect', id: done.id },
  ]);
  expect((await effects('--limit', '1')).complaints).toEqual([
    '1 more wait in their lanes: --limit shows more of them.',
  ]);
});

it('lists what waits in its lane for its first try, since when and why', async () => {
  const [first, second] = [someEffect({ ruleId: 'leads/a' }), someEffect({ ruleId: 'leads/b' })];
  const other = someEffect({ to: 'crm', people: [leadOwner('123-ABC-456', '7')], eventId: '123-ABC-456:1' });
  await new ActionsQueue(lanes).addAll([first, second, other]);
  const back = await attempt(someEffect({ to: 'crm' }), 'waiting', 'http.503: no');
  await new ActionsQueue(lanes).addAll([back]);
  const told = async (...args: string[]): Promise<string[]> =>
    (await effects(...args)).printed.map((line) => line.replace(/^\S+Z {2}/, ''));
  const whys = [
    `queued  slack → ops  leads/a  ${first.id}  it is the next of its lane`,
    `queued  slack → ops  leads/b  ${second.id}  it stands behind 1 effect of its lane`,
    `queued  slack → crm  leads/x  ${other.id}  it is the next of its lane`,
  ];
  const known = `waiting  slack → crm  leads/x  ${back.id}  http.503: no`;
  expect(await told()).toEqual([...whys, known]);
  expect(await told('--outcome', 'queued')).toEqual(whys);
  expect(await told('--since', '1h')).toEqual([...whys, known]);
  expect(await told('--outcome', 'waiting')).toEqual([known]);
  expect(await told('--until', '1h')).toEqual(['There are no such effects.']);
  for (const args of [
    ['--rule', 'leads/a'],
    ['--outcome', 'queued', '--rule', 'leads/a'],
    ['--text', first.eventId, '--to', 'ops'],
  ])
    expect([args, await told(...args)]).toEqual([args, [whys[0]]]);
  for (const args of [
    ['--lead', '7'],
    ['--outcome', 'queued', '--to', 'crm'],
  ])
    expect([args, await told(...args)]).toEqual([args, [whys[2]]]);
  const pause = { by: 'cli:ann', reason: 'They move', since: '2026-11-26T10:00:00.000Z' };
  await new Lanes(connections, lanes).pause('ops', pause);
  expect((await told('--rule', 'leads/a'))[0]).toContain(
    'ops is paused by cli:ann since 2026-11-26T10:00:00.000Z: They move; it is the next of its lane',
  );
  const client = connections.forWorkers();
  await client.hset(laneKey('crm'), { until: Date.parse('2999-01-01T00:00:00Z'), breaker: 'open' });
  expect((await told('--lead', '7'))[0]).toContain(
    'crm is left alone until 2999-01-01T00:00:00.000Z; it is the next of its lane',
  );
  const few = await effects('--limit', '1', '--json', '--outcome', 'queued');
  expect(JSON.parse(few.printed.join(''))).toMatchObject([
    { kind: 'queued', effect: { id: first.id }, ahead: 0 },
  ]);
  expect((await effects('--limit', '1', '--outcome', 'queued')).complaints).toEqual([
    '2 more wait in their lanes: --limit shows more of them.',
  ]);
});

it('names a rule that is meant where it finds nothing of one that is not in force', async () => {
  const complaints = async (rule: string): Promise<string[]> => (await effects('--rule', rule)).complaints;
  expect(await complaints('leads/us-without-stat')).toEqual([
    'There is no rule leads/us-without-stat in force. Did you mean leads/us-without-state? Nothing is known of it either.',
  ]);
  expect(await complaints('nowhere/*')).toEqual([
    'nowhere/* covers no rule that is there now. Nothing is known of it either.',
  ]);
  expect(await complaints('leads/us-without-state')).toEqual([]);
  await attempt(someEffect({ ruleId: 'leads/deleted' }), 'done', '200 OK');
  expect((await effects('--rule', 'leads/deleted', '--outcome', 'failed')).complaints).toEqual([]);
});

it('names a destination that is meant where it finds nothing for one that there is not', async () => {
  const complaints = async (to: string): Promise<string[]> => (await effects('--to', to)).complaints;
  // Where the connections cannot be read it is not known what there is.
  expect(await complaints('receivr')).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), 'signalman-effects-'));
  connectionsFile = join(folder, 'connections.json');
  writeFileSync(join(folder, 'secret'), 'whsec_c2lnbmFsbWFuLXNpZ25hbG1hbi1zaWduYWxtYW4=');
  const receiver = { kind: 'webhook', url: 'https://hooks.acme.example/', secret: { file: 'secret' } };
  writeFileSync(connectionsFile, JSON.stringify({ sources: {}, destinations: { receiver } }));
  try {
    expect(await complaints('receivr')).toEqual([
      'There is no destination "receivr". Did you mean "receiver"?',
    ]);
    expect(await complaints('receiver')).toEqual([]);
  } finally {
    connectionsFile = '/nowhere';
    rmSync(folder, { recursive: true });
  }
});

it('finds effects by what is known of them', async () => {
  const people = [leadOwner('123-ABC-456', '7')];
  const one = someEffect({ ruleId: 'leads/a', to: 'crm', eventId: '123-ABC-456:1', people });
  await attempt(one, 'done', '200 OK');
  const other = await attempt(someEffect({ ruleId: 'leads/b', eventId: '123-ABC-456:2' }), 'unknown', 'lost');
  const found = async (...args: string[]): Promise<string[]> => {
    const entries = JSON.parse((await effects('--json', ...args)).printed.join('')) as { id: string }[];
    return entries.map(({ id }) => id);
  };
  for (const args of [
    ['--rule', 'leads/a'],
    ['--to', 'crm'],
    ['--event', '123-ABC-456:1'],
    ['--lead', '7'],
    ['--lead', '123-abc-456/7'],
    ['--outcome', 'done'],
    ['--rule', 'leads/*', '--text', '200 ok'],
  ])
    expect([args, await found(...args)]).toEqual([args, [one.id]]);
  const both = [one.id, other.id].sort();
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  for (const since of ['1h', hourAgo])
    expect((await found('--since', since, '--rule', 'leads/*')).sort()).toEqual(both);
  expect(await found('--until', '1h')).toEqual([]);
});

it('shows one effect with its causes, its attempts, and what was sent and answered', async () => {
  const first = await attempt(
    someEffect({ type: 'emit', to: 'signalman', ruleId: 'leads/first' }),
    'done',
    'emitted',
  );
  const cause = {
    effectId: first.id,
    ruleId: 'leads/first',
    eventId: first.eventId,
    depth: 1,
    via: 'emit',
  } as const;
  const effect = await attempt(someEffect({ cause, priority: 'high' }), 'done', '200 OK');
  const { printed } = await effects('show', effect.id);
  expect(printed).toEqual([
    `${effect.id}  done`,
    '  what        slack → ops, at-least-once, priority high',
    '  rule        leads/x, version abc, action 1',
    `  event       ${effect.eventId}`,
    '  decided     2026-01-01T00:00:00.000Z',
    expect.stringMatching(/^ {2}changed {5}20\S+Z$/),
    '  reason      200 OK',
    '  params      {"to":"ops","text":"Hello"}',
    `  because of  ${first.id} of leads/first, for ${first.eventId} (done)`,
    '  2026-05-04T10:00:00.000Z  done after 12 ms  200 OK',
    '    POST https://crm.acme.example/hook',
    '    a: b',
    '    {"lead":7}',
    '    answered 200 thanks',
  ]);
  const json = JSON.parse((await effects('show', effect.id, '--json')).printed.join('')) as object;
  expect(json).toMatchObject({
    queued: false,
    entry: { standing: 'done' },
    causes: [{ effectId: first.id }],
  });
});

it('shows one that is held, one that is only queued, and none that nobody knows', async () => {
  const held = someEffect();
  await ledger.hold(held, 'limit: 100 an hour');
  expect((await effects('show', held.id)).printed).toEqual(
    expect.arrayContaining([
      `${held.id}  held`,
      '  reason      limit: 100 an hour',
      '  next        a person decides: signalman held show leads/x',
    ]),
  );
  const queued = someEffect();
  await delayed(queued, 60_000);
  expect((await effects('show', queued.id)).printed).toEqual(
    expect.arrayContaining([
      `${queued.id}  queued`,
      '  next        it waits in the lane of ops: signalman lanes shows what keeps it',
    ]),
  );
  const missing = await effects('show', 'e0');
  expect([missing.complaints, missing.failed]).toEqual([['Nothing is known of an effect e0.'], true]);
});

it.each([[['--limit', '0']], [['--outcome', 'sent']], [['--lead', 'ada']], [['--since', 'yesterday']]])(
  'refuses %j',
  async (args) => {
    await expect(effects(...args)).rejects.toMatchObject({ exitCode: 1 });
  },
);

it('shows one line an effect, whatever its ids hold', async () => {
  await attempt(someEffect(), 'failed', 'x: a\n2026-01-08T00:00:00.000Z  done  forged');
  const { printed } = await effects();
  expect(printed).toHaveLength(1);
  expect(printed[0]).toContain('a\\n2026-01-08');
});
