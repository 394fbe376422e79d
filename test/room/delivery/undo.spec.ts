import fc from 'fast-check';
import { systemClock } from '../../../src/contracts/clock.js';
import type { Effect } from '../../../src/contracts/effect.js';
import { Deliverer } from '../../../src/delivery/deliverer.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { EffectSearch } from '../../../src/delivery/effect-search.js';
import { ExclusiveTurns } from '../../../src/delivery/exclusive-turns.js';
import { Gate } from '../../../src/delivery/gate/gate.js';
import { Sender } from '../../../src/delivery/sender.js';
import { Undo, type UndoPlan } from '../../../src/delivery/undo.js';
import { UnsentEffects } from '../../../src/delivery/unsent-effects.js';
import { WriteNotes } from '../../../src/delivery/write-notes.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { HeldRules } from '../../../src/queues/held-rules.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { LateTallies } from '../../../src/queues/late-tallies.js';
import { LaneContents } from '../../../src/queues/lane-contents.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/sandbox.js';
import { Locks } from '../../../src/state/locks.js';
import { OwnWrites } from '../../../src/state/own-writes.js';
import { openActions } from '../../support/open-actions.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from './some-effect.js';

const RULE = 'leads/welcome';
const LIST = 1001;

describe('undo', () => {
  let redis: RedisForTest;
  let connections: RedisConnections;
  let sandbox: Sandbox;
  let lanes: LaneQueues;
  let queue: ActionsQueue;
  let ledger: EffectLedger;
  let deliverer: Deliverer;
  let undo: Undo;
  let unsent: UnsentEffects;
  let held: HeldEffects;
  const { actions, close } = openActions(systemClock);

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    connections = new RedisConnections(redis.url);
    sandbox = await startSandbox();
    lanes = new LaneQueues(connections.forWorkers());
    queue = new ActionsQueue(lanes);
    ledger = new EffectLedger(connections);
    held = new HeldEffects(connections);
    const turns = new ExclusiveTurns(new Locks(connections));
    const sender = new Sender(ledger, turns, new WriteNotes(new OwnWrites(connections)));
    const gate = new Gate(sandbox.connections, { changed: () => Promise.resolve() });
    deliverer = new Deliverer(actions, ledger, sender, gate);
    undo = new Undo(new EffectSearch(connections), ledger, queue, new LateTallies(connections));
    const queued = new LaneContents(lanes);
    unsent = new UnsentEffects(queued, new HeldRules(connections), held, ledger);
  });
  afterAll(async () => {
    await close();
    await sandbox.close();
    await lanes.onApplicationShutdown();
    await connections.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await connections.forWorkers().flushall();
    sandbox.marketo.clear();
  });

  const ofRule = (type: string, to: string, params: Effect['params']): Effect =>
    someEffect({ ruleId: RULE, type, to, params, decidedAt: new Date().toISOString() });
  const addition = (lead: number): Effect => ofRule('marketo.addToList', 'marketo', { list: LIST, lead });
  const points = (lead: number, change: number): Effect =>
    ofRule('marketo.changeScore', 'marketo', { lead, field: 'leadScore', change });
  const message = (): Effect => ofRule('slack', 'ops', { text: 'A lead' });
  const deliver = async (effects: readonly Effect[]): Promise<void> => {
    for (const effect of effects) await deliverer.deliver(effect, true);
  };
  /** What waits in the lanes, as workers would find it. */
  const waiting = async (): Promise<Effect[]> => {
    const all = await lanes.all();
    const jobs = await Promise.all(all.map((lane) => lane.getJobs(['prioritized', 'waiting'])));
    return jobs.flat().map((job) => job.data as Effect);
  };
  const request = { rule: RULE, since: 0, until: Number.MAX_SAFE_INTEGER };
  const plan = (): Promise<UndoPlan> => undo.plan(request);
  const members = (): number[] => [...sandbox.marketo.instance.list(LIST)].sort((a, b) => a - b);
  const together = async (effects: readonly Effect[]): Promise<void> => {
    await Promise.all(effects.map((effect) => deliverer.deliver(effect, true)));
  };

  it('takes back exactly what the rule did, and lists what cannot be taken back', async () => {
    const { instance } = sandbox.marketo;
    for (const lead of [7, 8]) instance.list(LIST).add(lead);
    instance.setLead(7, { leadScore: 40 });
    const effects = [
      ...[7, 8, 9, 10].map(addition),
      ...[points(7, 5), points(7, 3)],
      message(),
      someEffect({
        ruleId: 'leads/another',
        type: 'marketo.addToList',
        to: 'marketo',
        params: { list: LIST, lead: 11 },
      }),
    ];
    await deliver(effects);
    expect(members()).toEqual([7, 8, 9, 10, 11]);
    instance.setLead(7, { leadScore: 148 });

    const { undoable, notUndoable } = await plan();
    expect(undoable.map(({ entry }) => entry.id)).toEqual(effects.slice(2, 6).map(({ id }) => id));
    expect(notUndoable.map(({ entry, why }) => [entry.id, why])).toEqual([
      [effects[6]?.id, 'A message of an incoming webhook cannot be deleted.'],
    ]);
    await undo.carryOut(undoable, 'low');
    await undo.carryOut(undoable, 'low');
    const inverse = await waiting();
    expect(inverse).toHaveLength(4);
    for (const each of inverse)
      expect(each).toMatchObject({ ruleId: RULE, priority: 'low', guarantee: 'at-least-once' });
    await deliver(inverse);
    await deliver(inverse);

    expect(members()).toEqual([7, 8, 11]);
    expect(instance.lead(7)).toMatchObject({ leadScore: 140 });
    const standings = await Promise.all(effects.map(async ({ id }) => (await ledger.get(id))?.standing));
    const undone = ['undone', 'undone', 'undone', 'undone'];
    expect(standings).toEqual(['skipped', 'skipped', ...undone, 'done', 'done']);
    expect((await plan()).undoable).toEqual([]);
  });

  it('leaves a list as it was before, whoever was in it and whomever the rule added', async () => {
    const leads = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(leads, leads, async (before, added) => {
        await connections.forWorkers().flushall();
        sandbox.marketo.clear();
        for (const lead of before) sandbox.marketo.instance.list(LIST).add(lead);
        // Side by side, so that they share calls: an instance takes a hundred in twenty seconds.
        await together(added.map(addition));
        await undo.carryOut((await plan()).undoable, 'low');
        await together(await waiting());
        expect(members()).toEqual([...before].sort((a, b) => a - b));
      }),
      { numRuns: 8 },
    );
  });

  it('says of one that was given up and may have reached its target that nobody knows', async () => {
    const one = addition(9);
    await ledger.claim(one, { token: 'a', leaseMs: 60_000 });
    await ledger.settle(one, 'a', ending('uncertain', 'http.timeout: no answer'));
    await ledger.giveUp(one);
    const { undoable, notUndoable } = await plan();
    expect(undoable).toEqual([]);
    expect(notUndoable).toMatchObject([
      { entry: { standing: 'failed', inDoubt: true }, why: 'It is not known whether it was done.' },
    ]);
  });

  it('marks what was undone also when the worker stopped before it could', async () => {
    const one = addition(9);
    await deliver([one]);
    await undo.carryOut((await plan()).undoable, 'high');
    const [inverse] = await waiting();
    const redisClient = connections.forWorkers();
    await deliver([inverse as Effect]);
    await redisClient.hset(`{signalman}:effect:${one.id}`, 'state', 'done');
    await deliver([inverse as Effect]);
    expect(await ledger.get(one.id)).toMatchObject({ standing: 'undone', undoneBy: inverse?.id });
    expect(members()).toEqual([]);
  });

  it('ends what waits or is held, and nothing of another rule or time', async () => {
    const [first, second, third] = [addition(1), addition(2), addition(3)] as const;
    const another = { ...addition(4), ruleId: 'leads/another' };
    const earlier = { ...addition(5), decidedAt: '2026-01-01T00:00:00.000Z' };
    await queue.addAll([first, second, another, earlier]);
    const holding = { id: 'h', reason: 'more than 1 firing in 1h', since: 1 };
    await held.add([{ ruleId: RULE, holding, began: true, effects: [{ effect: third, leads: [] }] }]);
    const found = await unsent.of({ ...request, since: Date.parse('2026-06-01T00:00:00Z') });
    expect(found).toMatchObject({ underWay: 0, held: [{ holdingId: 'h', effect: third }] });
    expect(new Set(found.queued.map(({ id }) => id))).toEqual(new Set([first.id, second.id]));
    expect(await unsent.suppress(found, 'undone by cli:ann')).toBe(3);
    expect(new Set((await waiting()).map(({ id }) => id))).toEqual(new Set([another.id, earlier.id]));
    expect(await held.count('h')).toBe(0);
    for (const { id } of [first, second, third])
      expect(await ledger.get(id)).toMatchObject({ standing: 'suppressed', reason: 'undone by cli:ann' });
  });
});
