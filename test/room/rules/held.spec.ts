import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { HeldDecision } from '../../../src/contracts/held.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { HeldKeeper } from '../../../src/delivery/held-keeper.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { BatchBodies } from '../../../src/queues/batch-bodies.js';
import { HeldEffects } from '../../../src/queues/held-effects.js';
import { HeldRules } from '../../../src/queues/held-rules.js';
import { LaneQueues } from '../../../src/queues/lane-queues.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import type { Rule } from '../../../src/rules/rule.js';
import { effectFor } from '../../support/held-firings.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { GatedProcess, type Fate } from '../simulation/gated-process.js';
import { HOUR, idOf, newLeads, RULE } from './leads.js';
import { Results } from './results.js';
import { Surroundings, WorkerParts } from './worker.js';

const LIMITED: Rule = { ...RULE, limit: { withinMs: HOUR, firings: 2 } };

/** The parts of a process that keep what is held. */
class KeeperParts {
  readonly rules: HeldRules;
  readonly effects: HeldEffects;
  readonly ledger: EffectLedger;
  readonly keeper: HeldKeeper;
  private readonly actions: ActionsQueue;

  constructor(process: RedisConnections) {
    this.rules = new HeldRules(process);
    this.effects = new HeldEffects(process);
    this.ledger = new EffectLedger(process);
    this.actions = new ActionsQueue(new LaneQueues(process.forWorkers()));
    this.keeper = new HeldKeeper(this.rules, this.effects, this.ledger, this.actions);
  }

  /** Resolves when every connection stands, so that none is cut off while it is made. */
  async connected(): Promise<void> {
    await Promise.all([this.rules.list(), this.effects.count('none'), this.ledger.get('none')]);
    await this.actions.addAll([effectFor('nobody')]);
  }
}

describe('a rule with a limit', () => {
  let server: RedisForTest;
  let redis: Redis;
  let results: Results;
  let worker: WorkerParts;
  let parts: KeeperParts;
  let process: GatedProcess;
  let victim: WorkerParts;
  let dyingParts: KeeperParts;
  const surroundings = new Surroundings();
  const opened: RedisConnections[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startRedis({ durable: false });
    redis = new Redis(server.url);
    results = new Results(redis);
    surroundings.putRules(LIMITED);
    const connections = new RedisConnections(server.url);
    opened.push(connections);
    worker = new WorkerParts(connections, surroundings);
    await worker.connected();
    parts = new KeeperParts(connections);
  });
  beforeEach(async () => {
    process = new GatedProcess(server.url);
    victim = new WorkerParts(process, surroundings);
    await victim.connected();
    dyingParts = new KeeperParts(process);
    await dyingParts.connected();
    process.gateAll();
  });
  afterEach(() => {
    process.cut();
  });
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    redis.disconnect();
    await server.stop();
  });

  /** @returns the id of a batch of five leads. */
  const scene = async (): Promise<string> => {
    await redis.flushall();
    return await worker.store(newLeads(0, 1, 2, 3, 4, 5));
  };
  const queued = async (): Promise<unknown[]> => (await results.bodies()).sort();
  const held = async (): Promise<unknown[]> => {
    const bodies: unknown[] = [];
    for (const { id } of [...(await parts.rules.list()), ...(await parts.rules.decided())])
      for await (const page of parts.effects.pages(id))
        bodies.push(...page.map(({ effect }) => effect.params['body']));
    return bodies.sort();
  };
  /** Different events that tell of a rule that is held. */
  const told = async (): Promise<unknown[]> => {
    const bodies = new BatchBodies(redis);
    const events = new Map<string, unknown>();
    for await (const page of bodies.stored())
      for (const [id, { lengths, kind }] of page)
        for (const body of kind === 'signalman' ? ((await bodies.get(id, lengths)) ?? []) : []) {
          const event = JSON.parse(body.toString()) as { id: string; data: unknown };
          events.set(event.id, event.data);
        }
    return [...events.values()];
  };
  const decide = (decision: 'release' | 'discard'): Promise<HeldDecision | undefined> =>
    parts.rules.decide({ ruleId: RULE.id, decision, by: 'cli:ann', at: Date.now() });

  /** Runs something again and again, and kills it before or after its n-th commands, until it was not disturbed. */
  async function killAnywhere(
    sent: number,
    begin: () => Promise<() => Promise<unknown>>,
    afterwards: (kills: number) => Promise<void>,
  ): Promise<number> {
    let kills = 0;
    for (let ended = false; !ended; kills += 1) {
      await process.begin(await begin());
      let wave = 0;
      const fate = (commands: number): Fate =>
        wave === kills ? { diesAfter: Math.min(sent, commands) } : 'pass';
      for (let end; end === undefined; wave += 1) {
        end = process.isFree ? true : await process.step(fate);
        ended = end === true;
      }
      await afterwards(kills);
    }
    return kills;
  }

  it('acts as often as it may, and what is more is held and told of', async () => {
    await worker.run(await scene());
    expect([await queued(), await held()]).toEqual([
      ['1', '2'],
      ['3', '4', '5'],
    ]);
    expect(await told()).toEqual([
      {
        rule: RULE.id,
        reason: 'more than 2 firings in 1h',
        since: expect.any(String) as string,
        effects: 3,
        leads: 3,
      },
    ]);
    const decision = (await results.decisions()).find(({ eventId }) => eventId === idOf(3));
    expect(decision).toMatchObject({
      outcome: 'held',
      reason: 'more than 2 firings in 1h: held until a person releases them',
    });
    expect(await results.counted()).toBe(5);
    await parts.keeper.look(Date.now());
    expect(await parts.ledger.get(decision?.effects[0] ?? '')).toMatchObject({
      standing: 'held',
      reason: 'more than 2 firings in 1h',
    });
    expect(await results.counted('held')).toBe(3);
  });

  it.each([
    ['before', 0],
    ['after', Infinity],
  ])('holds the same when its worker is killed %s any of its commands', async (_, sent) => {
    let job = '';
    const kills = await killAnywhere(
      sent,
      async () => {
        job = await scene();
        return () => victim.run(job);
      },
      async (kill) => {
        await worker.run(job);
        expect({ kill, queued: await queued(), held: await held() }).toEqual({
          kill,
          queued: ['1', '2'],
          held: ['3', '4', '5'],
        });
        expect(await told()).toHaveLength(1);
        expect(await results.counted()).toBe(5);
      },
    );
    expect(kills).toBeGreaterThanOrEqual(8);
  });

  it.each([
    ['before', 0],
    ['after', Infinity],
  ])('sends each once when it is released while its batch dies %s any of its commands', async (_, sent) => {
    let job = '';
    await killAnywhere(
      sent,
      async () => {
        job = await scene();
        return () => victim.run(job);
      },
      async (kill) => {
        const decided = await decide('release');
        await parts.keeper.look(Date.now());
        await worker.run(job);
        await parts.keeper.look(Date.now());
        const all = decided === undefined ? ['1', '2'] : ['1', '2', '3', '4', '5'];
        expect({ kill, queued: await queued() }).toEqual({ kill, queued: all });
        expect(await held()).toEqual(decided === undefined ? ['3', '4', '5'] : []);
      },
    );
  });

  it.each([
    ['release', 'before', 0],
    ['release', 'after', Infinity],
    ['discard', 'before', 0],
    ['discard', 'after', Infinity],
  ] as const)('sees a %s through when it is killed %s any of its commands', async (decision, _, sent) => {
    const kills = await killAnywhere(
      sent,
      async () => {
        await worker.run(await scene());
        await decide(decision);
        return () => dyingParts.keeper.look(Date.now());
      },
      async (kill) => {
        await parts.keeper.look(Date.now());
        const released = decision === 'release';
        expect({ kill, queued: await queued(), held: await held() }).toEqual({
          kill,
          queued: released ? ['1', '2', '3', '4', '5'] : ['1', '2'],
          held: [],
        });
        const effects = (await results.decisions()).flatMap((each) => each.effects);
        const standings = await Promise.all(
          effects.map(async (id) => (await parts.ledger.get(id))?.standing),
        );
        const expected = released ? 'waiting' : 'suppressed';
        expect(standings.sort()).toEqual([expected, expected, expected, undefined, undefined]);
        expect([await results.counted('held'), await results.counted('suppressed')]).toEqual([
          0,
          released ? 0 : 3,
        ]);
      },
    );
    expect(kills).toBeGreaterThanOrEqual(6);
  });

  it('counts anew when it was released', async () => {
    await worker.run(await scene());
    await decide('release');
    await worker.take(newLeads(1, 6, 7, 8));
    expect(await queued()).toEqual(['1', '2', '6', '7']);
    await parts.keeper.look(Date.now());
    expect([await queued(), await held()]).toEqual([['1', '2', '3', '4', '5', '6', '7'], ['8']]);
  });
});
