import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { effectId } from '../../../src/contracts/effect-id.js';
import { DUE_KEY } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import type { Rule } from '../../../src/rules/rule.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { GatedProcess, type Fate } from '../simulation/gated-process.js';
import { clicks, deletions, DIGEST, HOUR, idOf, newLeads, RULE, SILENT, START } from './leads.js';
import { Results } from './results.js';
import { Surroundings, WorkerParts } from './worker.js';

const LOAN = 60_000;
/** When everything is due, what has waited since the clock's own time as well. */
const LATER = Date.now() + 2 * HOUR;

describe('the clock of the flow', () => {
  let server: RedisForTest;
  let redis: Redis;
  let results: Results;
  let surroundings: Surroundings;
  const opened: RedisConnections[] = [];
  let worker: WorkerParts;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startRedis();
    redis = new Redis(server.url);
    redis.on('error', () => undefined);
    results = new Results(redis);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    surroundings = new Surroundings();
    surroundings.putRules(SILENT);
    worker = another();
    await worker.connected();
    await redis.flushall();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
  });

  /** One more worker, in a process of its own. */
  function another(process = new RedisConnections(server.url)): WorkerParts {
    opened.push(process);
    return new WorkerParts(process, surroundings);
  }

  /** One whose commands to Redis wait until the test says what becomes of each. */
  async function gated(): Promise<[GatedProcess, WorkerParts]> {
    const process = new GatedProcess(server.url);
    const parts = another(process);
    await parts.connected();
    process.gateAll();
    return [process, parts];
  }

  it('tells an absence when its time is over and not before, and nothing of a lead who came', async () => {
    await worker.take(newLeads(0, 1, 2));
    await worker.take(clicks(10, 1));
    await worker.clock.look(START + HOUR - 1);
    expect([await results.bodies(), await results.counted()]).toEqual([[], 0]);
    await worker.clock.look(START + HOUR);
    expect([await results.bodies(), await results.counted()]).toEqual([['nothing of 2'], 1]);
    expect(await results.outcomes()).toEqual(['waiting', 'waiting', 'followed', 'fired']);
  });

  it('tells an absence once to however many clocks', async () => {
    const clocks = [worker, another(), another()];
    const leads = Array.from({ length: 250 }, (_, i) => i + 1);
    await worker.take(newLeads(0, ...leads));
    await Promise.all(clocks.map(({ clock }) => clock.look(START + HOUR)));
    expect((await results.effectIds()).sort()).toEqual(
      leads.map((n) => effectId(SILENT.id, idOf(n), 0)).sort(),
    );
    expect((await results.outcomes()).filter((outcome) => outcome === 'fired')).toHaveLength(250);
    expect([await results.counted(), await redis.zcard(DUE_KEY)]).toEqual([250, 0]);
  });

  it('tells nothing twice when it was lent to two, because the first stood still', async () => {
    const [process, slow] = await gated();
    await redis.flushall();
    await worker.take(newLeads(0, 1));
    const alone = async (): Promise<object> => {
      await worker.clock.look(START + HOUR + LOAN);
      return results.all();
    };
    await process.begin(() => slow.clock.look(START + HOUR));
    // It has what it was lent in hand.
    for (let wave = 0; wave < 2; wave += 1) await process.step(() => 'pass');
    const undisturbed = await alone();
    while ((await process.step(() => 'pass')) === undefined);
    expect(await results.all()).toEqual(undisturbed);
    expect(await results.bodies()).toEqual(['nothing of 1']);
  });

  it('leaves the same wherever it is killed between two commands, before and after', async () => {
    surroundings.putRules(SILENT, DIGEST);
    const scene = async (): Promise<void> => {
      await redis.flushall();
      await worker.take(newLeads(0, 1, 2, 3));
    };
    await scene();
    await worker.clock.look(LATER);
    const undisturbed = await results.all();
    expect(undisturbed).toMatchObject({ counted: [4, 3, 0], due: 0, kept: [], left: [] });
    for (const sent of [0, Infinity]) {
      let waves = 0;
      for (let ended = false; !ended; waves += 1) {
        const [process, victim] = await gated();
        await scene();
        await process.begin(() => victim.clock.look(LATER));
        let wave = 0;
        const fate = (commands: number): Fate =>
          wave === waves ? { diesAfter: Math.min(sent, commands) } : 'pass';
        for (let end; end === undefined; wave += 1) {
          end = await process.step(fate);
          ended = end === true;
        }
        process.cut();
        await worker.clock.look(LATER + LOAN);
        expect({ sent, waves, ...(await results.all()) }).toEqual({ sent, waves, ...undisturbed });
      }
      // Lend, judge, queue, write down, count, settle: fewer would mean that nothing was disturbed.
      expect(waves).toBeGreaterThanOrEqual(6);
    }
  });

  it('goes on when Redis is back that was killed in the middle of a look', async () => {
    const leads = Array.from({ length: 300 }, (_, i) => i + 1);
    await worker.take(newLeads(0, ...leads));
    const look = worker.clock.look(START + HOUR).catch(() => undefined);
    await eventually(async () => (await results.effectIds()).length > 0);
    await server.kill9();
    await server.restart();
    await look;
    await worker.clock.look(START + HOUR + LOAN);
    expect((await results.effectIds()).length).toBe(300);
    expect([await results.counted(), await redis.zcard(DUE_KEY)]).toEqual([300, 0]);
    expect((await results.outcomes()).filter((outcome) => outcome === 'fired')).toHaveLength(300);
  });

  it('says of a rule that was taken out of force that nothing comes of its waits', async () => {
    surroundings.putRules(SILENT, DIGEST);
    await worker.take(newLeads(0, 1, 2));
    surroundings.putRules();
    await worker.clock.look(LATER);
    const ends = (await results.decisions()).filter(({ outcome }) => outcome === 'expired');
    const reason = 'the rule was taken out of force while it waited';
    for (const { id } of [DIGEST, SILENT]) {
      const ofRule = ends.filter(({ ruleId }) => ruleId === id);
      expect(ofRule.map(({ eventId }) => eventId).sort()).toEqual([idOf(1), idOf(2)]);
      expect(ofRule).toMatchObject([
        { reason, effects: [] },
        { reason, effects: [] },
      ]);
    }
    expect(await results.all()).toMatchObject({ effects: [], counted: [0, 2, 0], due: 0, kept: [] });
  });

  it('says the same of an event that was to be judged again', async () => {
    const country = { fact: 'lead', path: '$.country', operator: 'equal', value: 'US' };
    surroundings.putRules({ ...RULE, id: 'leads/us', conditions: { all: [country] } });
    const now = Date.now();
    const busy = { kind: 'unavailable', reason: 'Marketo is down', retryAt: now + LOAN } as const;
    surroundings.lookUp = () => Promise.resolve(new Map([['123-ABC-456/1', busy]]));
    await worker.take({ ...newLeads(0, 1), receivedAt: new Date(now).toISOString() });
    expect(await results.outcomes()).toEqual(['undecided']);
    surroundings.putRules();
    await worker.clock.look(now + 2 * LOAN);
    expect(await results.outcomes()).toEqual(['undecided', 'expired']);
    expect(await results.all()).toMatchObject({ due: 0, kept: [] });
  });

  it('waits while too many effects wait to be sent, as batches do, and loses nothing', async () => {
    await worker.take(newLeads(0, 1));
    surroundings.hasRoom = false;
    await worker.clock.look(START + HOUR);
    expect(await results.bodies()).toEqual([]);
    surroundings.hasRoom = true;
    await worker.clock.look(START + HOUR);
    expect(await results.bodies()).toEqual(['nothing of 1']);
  });

  it('works off the longest due first, and is not held up by those who were erased or by what cannot be judged', async () => {
    const broken: Rule = { ...SILENT, id: 'leads/broken' };
    surroundings.putRules(SILENT, broken);
    for (let minute = 0; minute < 5; minute += 1)
      await worker.take(newLeads(minute, ...Array.from({ length: 60 }, (_, i) => minute * 100 + i)));
    // Whatever is asked of the broken one is a defect.
    const { ruleSet } = surroundings;
    const find = ruleSet.find.bind(ruleSet);
    ruleSet.find = (id) => {
      if (id === broken.id) throw new Error('a defect');
      return find(id);
    };
    await worker.take(deletions(6, ...Array.from({ length: 60 }, (_, i) => 100 + i)));
    await worker.clock.look(START + 2 * HOUR);
    const told = (await results.bodies()).map((body) => Math.floor(Number(String(body).slice(11)) / 100));
    expect(told).toEqual([0, 2, 3, 4].flatMap((minute) => Array<number>(60).fill(minute)));
    // It is tried again once its loan is over.
    ruleSet.find = find;
    await worker.clock.look(START + 2 * HOUR + LOAN);
    expect(await results.bodies()).toHaveLength(2 * 240);
    expect(await redis.zcard(DUE_KEY)).toBe(0);
  });

  it('works off two thousand absences that are due at once, none of them twice and none left', async () => {
    const leads = Array.from({ length: 2_000 }, (_, i) => i + 1);
    for (let from = 0; from < leads.length; from += 500)
      await worker.take(newLeads(0, ...leads.slice(from, from + 500)));
    const began = performance.now();
    await worker.clock.look(START + HOUR);
    const seconds = (performance.now() - began) / 1_000;
    process.stdout.write(`Absences: ${Math.round(leads.length / seconds)} a second\n`);
    expect(new Set(await results.effectIds()).size).toBe(2_000);
    expect([await results.counted(), await redis.zcard(DUE_KEY)]).toEqual([2_000, 0]);
  });

  it('looks by itself while the app runs', async () => {
    await worker.take(newLeads(0, 1));
    worker.clock.onApplicationBootstrap();
    await eventually(async () => (await results.effectIds()).length === 1);
    worker.clock.beforeApplicationShutdown();
  });
});
