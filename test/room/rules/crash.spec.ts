import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import type { Rule } from '../../../src/rules/rule.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { Chance } from '../../pure/engine/seeded.js';
import { GatedProcess, type Fate } from '../simulation/gated-process.js';
import { clicks, deletions, DIGEST, HOUR, newLeads, RULE, SILENT, tell, together } from './leads.js';
import { Results } from './results.js';
import { Surroundings, WorkerParts } from './worker.js';

const ON_CLICK: Rule = { ...RULE, on: ['marketo.activity.clicklink'] };
const COUNT = { fact: 'count', params: { per: 'leadId', within: '1h' } };

/** One of each kind that remembers or waits. */
const RULES: readonly Rule[] = [
  SILENT,
  DIGEST,
  {
    ...ON_CLICK,
    id: 'clicks/count',
    conditions: { all: [{ ...COUNT, operator: 'greaterThanInclusive', value: 2 }] },
    actions: [tell('{{ leadId }} clicked {{ facts.count }} times')],
  },
  {
    ...ON_CLICK,
    id: 'clicks/calm',
    throttle: { per: ['leadId'], everyMs: HOUR },
    actions: [tell('{{ leadId }} at {{ time }} after {{ throttled.count }}')],
  },
  {
    ...RULE,
    id: 'leads/then',
    then: { on: ON_CLICK.on, conditions: { all: [] }, per: ['leadId'], withinMs: HOUR },
    actions: [tell('{{ leadId }} came at {{ time }} and clicked at {{ then.time }}')],
  },
  {
    ...ON_CLICK,
    id: 'clicks/muted',
    inhibitedBy: [{ rule: 'clicks/calm', withinMs: HOUR, per: ['leadId'] }],
    actions: [tell('{{ leadId }} unheard')],
  },
];

/** When everything is due. */
const LATER = Date.now() + 2 * HOUR;

describe('a batch for rules that remember and wait', () => {
  let server: RedisForTest;
  let redis: Redis;
  let results: Results;
  let worker: WorkerParts;
  let process: GatedProcess;
  let victim: WorkerParts;
  let undisturbed: object;
  const surroundings = new Surroundings();
  const opened: RedisConnections[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startRedis({ durable: false });
    redis = new Redis(server.url);
    results = new Results(redis);
    surroundings.putRules(...RULES);
    [, worker] = await open(new RedisConnections(server.url));
    await worker.run(await scene());
    await worker.clock.look(LATER);
    undisturbed = await results.all();
  });
  beforeEach(async () => {
    [process, victim] = await open(new GatedProcess(server.url));
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

  async function open<T extends RedisConnections>(connections: T): Promise<[T, WorkerParts]> {
    const parts = new WorkerParts(connections, surroundings);
    await parts.connected();
    if (!(connections instanceof GatedProcess)) opened.push(connections);
    return [connections, parts];
  }

  /** @returns the id of the batch that is to be disturbed; others came before it. */
  async function scene(): Promise<string> {
    await redis.flushall();
    await worker.take(newLeads(0, 1, 2, 3, 4));
    await worker.take(clicks(5, 1));
    return worker.store(
      together(newLeads(10, 5, 6), clicks(20, 1, 2, 5), clicks(15, 1, 2), clicks(90, 2), deletions(95, 4)),
    );
  }

  it('comes to something of each kind', () => {
    const told = JSON.stringify(undisturbed);
    for (const word of [
      'nothing of 3',
      '5 leads',
      '1 clicked 2 times',
      '2 at',
      '1 came at',
      'throttled',
      'inhibited',
    ])
      expect(told).toContain(word);
    expect(told).not.toContain('nothing of 4');
  });

  it.each([
    ['before', 0],
    ['after', Infinity],
  ])('comes to the same when its worker is killed %s any of its commands', async (_, sent) => {
    let kills = 0;
    for (let ended = false; !ended; kills += 1) {
      const job = await scene();
      await process.begin(() => victim.run(job));
      let wave = 0;
      const fate = (commands: number): Fate =>
        wave === kills ? { diesAfter: Math.min(sent, commands) } : 'pass';
      for (let end; end === undefined; wave += 1) {
        end = await process.step(fate);
        ended = end === true;
      }
      await worker.run(job);
      await worker.clock.look(LATER);
      expect({ kills, ...(await results.all()) }).toEqual({ kills, ...undisturbed });
    }
    // Bodies, claims, memory, silences, flow, effects, book, end: fewer would mean that nothing was disturbed.
    expect(kills).toBeGreaterThanOrEqual(8);
  });

  it('comes to the same when two workers have it at once, wherever each is', async () => {
    const [other, another] = await open(new GatedProcess(server.url));
    other.gateAll();
    for (let seed = 1; seed <= 30; seed += 1) {
      const chance = new Chance(seed);
      const job = await scene();
      const running = new Set([process, other]);
      await Promise.all([process.begin(() => victim.run(job)), other.begin(() => another.run(job))]);
      while (running.size > 0) {
        const one = chance.pick([...running]);
        if ((await one.step(() => 'pass')) !== undefined) running.delete(one);
      }
      await worker.clock.look(LATER);
      expect({ seed, ...(await results.all()) }).toEqual({ seed, ...undisturbed });
    }
    other.cut();
  });

  it('changes nothing when its events come again, in whatever deliveries', async () => {
    await worker.run(await scene());
    await worker.take(clicks(20, 5, 2, 1));
    await worker.take(together(clicks(90, 2), newLeads(0, 4, 3), newLeads(10, 6)));
    await worker.clock.look(LATER);
    const { counted, ...rest } = (await results.all()) as { readonly counted: readonly number[] };
    expect({ ...rest, counted: counted.slice(0, 2) }).toEqual({
      ...undisturbed,
      counted: (undisturbed as typeof rest & { readonly counted: readonly number[] }).counted.slice(0, 2),
    });
    expect(counted[2]).toBe(7);
  });
});
