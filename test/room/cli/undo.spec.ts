import { undoCommand } from '../../../src/cli/undo.command.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { Journal } from '../../../src/journal/journal.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { bareConfig } from '../../support/bare-config.js';
import { firingsOf } from '../../support/held-firings.js';
import { recordedTerminal, type RecordedTerminal } from '../../support/recorded-terminal.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from '../delivery/some-effect.js';

const RULE = 'leads/welcome';

let redis: RedisForTest;
let connections: RedisConnections;
let lanes: LaneQueues;
let ledger: EffectLedger;

beforeAll(async () => {
  redis = await startRedis();
  connections = new RedisConnections(redis.url);
  lanes = new LaneQueues(connections.forWorkers());
  ledger = new EffectLedger(connections);
});
afterAll(async () => {
  await lanes.onApplicationShutdown();
  await connections.close();
  await redis.stop();
});
beforeEach(async () => {
  await connections.forWorkers().flushall();
});

async function undo(args: readonly string[], answer?: boolean): Promise<RecordedTerminal> {
  const terminal = recordedTerminal();
  const config = bareConfig(redis.url);
  await undoCommand(
    terminal,
    () => config,
    () => Promise.resolve(answer),
  )
    .exitOverride()
    .configureOutput({ writeErr: terminal.complain })
    .parseAsync(['--rule', RULE, '--since', '1h', ...args], { from: 'user' });
  return terminal;
}

async function done(type: string, to: string, params: Effect['params']): Promise<Effect> {
  const effect = someEffect({ ruleId: RULE, type, to, params });
  await ledger.claim(effect, { token: 't', leaseMs: 60_000 });
  await ledger.keepPlan(effect.id, { member: false });
  await ledger.settle(effect, 't', ending('done', 'added'));
  return effect;
}
const addition = (lead: number): Promise<Effect> =>
  done('marketo.addToList', 'marketo', { list: 1001, lead });
const inverses = async (): Promise<Effect[]> =>
  (await lanes.lane('marketo').getPrioritized()).map((job) => job.data as Effect);

it('shows what can be taken back and what cannot, and does nothing in a dry run', async () => {
  const [first] = [await addition(7), await addition(8), await done('slack', 'ops', { text: 'Hi' })];
  const { printed } = await undo(['--dry-run']);
  expect(printed.filter((line) => !line.includes('for example'))).toEqual([
    '2 effects can be taken back.',
    '  2 effects  marketo.addToList → marketo: by marketo.removeFromList',
    '1 effect cannot.',
    '  1 effect  slack → ops: A message of an incoming webhook cannot be deleted.',
  ]);
  expect(printed[2]).toContain(first.id);
  expect(await inverses()).toEqual([]);
});

it('takes back when somebody says yes, and writes down who did', async () => {
  const effect = await addition(7);
  await expect(undo([])).rejects.toMatchObject({ code: 'cli.ask' });
  expect((await undo([], false)).printed.at(-1)).toBe('Nothing was taken back.');
  expect(await inverses()).toEqual([]);
  const { printed } = await undo(['--priority', 'high'], true);
  expect(printed.at(-1)).toMatch(
    /^1 effect to be taken back, 0 ended unsent\. signalman effects --rule leads/,
  );
  const params = { list: 1001, lead: 7, to: 'marketo' };
  expect(await inverses()).toMatchObject([
    { type: 'marketo.removeFromList', params, undoes: effect.id, priority: 'high', ruleId: RULE },
  ]);
  const [entry] = await new Journal(connections).latest('audit', 1);
  expect(entry).toMatchObject({ audit: { what: 'rule.undone', target: RULE } });
});

it('ends what waits when asked to', async () => {
  const waiting = someEffect({ ruleId: RULE, decidedAt: new Date().toISOString() });
  await new ActionsQueue(lanes).addAll([waiting]);
  expect((await undo(['--dry-run'])).printed).toEqual([
    '0 effects can be taken back.',
    '1 effect not sent yet: --also-waiting ends them unsent.',
  ]);
  expect((await undo(['--also-waiting', '--yes'])).printed.at(-1)).toBe(
    `0 effects to be taken back, 1 ended unsent. signalman effects --rule ${RULE} --outcome suppressed shows what was ended unsent.`,
  );
  expect(await lanes.lane('ops').getPrioritizedCount()).toBe(0);
  expect(await ledger.get(waiting.id)).toMatchObject({ standing: 'suppressed' });
});

it('says of what was given up before how it is put back', async () => {
  const [given, fresh] = [await addition(7), await addition(8)];
  await undo(['--yes']);
  const [inverse] = (await inverses()).filter(({ undoes }) => undoes === given.id);
  await ledger.giveUp(inverse as Effect, 'marketo.610: no such list');
  const { printed } = await undo(['--yes']);
  expect(printed.filter((line) => !line.includes('for example'))).toEqual([
    '1 effect can be taken back.',
    '  1 effect  marketo.addToList → marketo: by marketo.removeFromList',
    `1 effect should have been taken back before, but that was given up. When the cause is mended: signalman dead replay --rule ${RULE} --undoing`,
    '  1 effect  marketo.addToList → marketo: marketo.610: no such list',
    expect.stringMatching(/^1 effect to be taken back, 0 ended unsent\./),
  ]);
  expect(printed[2]).toContain(fresh.id);
});

it('says that a rule stays held, and how to let it go on', async () => {
  const holding = { id: 'h', reason: 'more than 2 firings in 1h', since: Date.now() };
  await new HeldEffects(connections).add(
    firingsOf(holding, ['1', '2']).map(({ effects, ...firing }) => ({
      ...firing,
      effects: effects.map(({ effect, leads }) => ({
        effect: { ...effect, decidedAt: new Date().toISOString() },
        leads,
      })),
    })),
  );
  expect((await undo(['--also-waiting', '--yes'])).printed.slice(-2)).toEqual([
    expect.stringMatching(/^0 effects to be taken back, 2 ended unsent\./),
    `${RULE} stays held: signalman held release ${RULE} lets it act again.`,
  ]);
});

it('does nothing that it cannot write down', async () => {
  await addition(7);
  await connections.forWorkers().set('signalman:audit', 'not a book');
  await expect(undo(['--yes'])).rejects.toThrow('WRONGTYPE');
  expect(await inverses()).toEqual([]);
});

it('names a rule that is meant where nothing is known of the one that was given', async () => {
  expect((await undo(['--rule', 'leads/us-without-stat'])).complaints).toEqual([
    'There is no rule leads/us-without-stat in force. Did you mean leads/us-without-state? Nothing is known of it either.',
  ]);
});

it('takes times for times', async () => {
  await addition(7);
  expect((await undo(['--until', '2026-01-01T00:00Z', '--dry-run'])).printed).toEqual([
    '0 effects can be taken back.',
  ]);
  await expect(undo(['--until', 'later'])).rejects.toMatchObject({ code: 'commander.invalidArgument' });
});
