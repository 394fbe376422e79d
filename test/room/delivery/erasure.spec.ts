import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { UnrecoverableError, Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { Effect } from '../../../src/contracts/effect.js';
import { EffectLedger } from '../../../src/delivery/effect-ledger.js';
import { EffectSearch } from '../../../src/delivery/effect-search.js';
import { Erasure } from '../../../src/delivery/erasure.js';
import { ErasureClock } from '../../../src/delivery/erasure-clock.js';
import { HeldErasure } from '../../../src/delivery/held-erasure.js';
import { LedgerModule } from '../../../src/delivery/ledger.module.js';
import { JournalModule } from '../../../src/journal/journal.module.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { laneQueueName } from '../../../src/queues/queue-names.js';
import { QueuesModule } from '../../../src/queues/queues.module.js';
import { ERASED_KEY, QUEUE_PREFIX } from '../../../src/redis/keys.js';
import { RedisConnections } from '../../../src/redis/redis-connections.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { leadOwner } from '../../../src/contracts/lead-owner.js';
import { ErasedPeople } from '../../../src/state/erased-people.js';
import { Locks } from '../../../src/state/locks.js';
import { RedisMemory } from '../../../src/state/redis-memory.js';
import { StateModule } from '../../../src/state/state.module.js';
import { GatedProcess } from '../simulation/gated-process.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';
import { ending, someEffect } from './some-effect.js';

const MINUTE = 60_000;
const [ADA, BOB, CYD] = ['1', '2', '3'].map((id) => leadOwner('123-ABC-456', id)) as [string, string, string];
const LANE = `${QUEUE_PREFIX}:${laneQueueName('ops')}`;
const LINE = `${QUEUE_PREFIX}:ledger:2026-05-04T10`;
/** Whichever room they are in. */
const OPEN = { strict: false };
const GONE = { omitted: 'the person was erased' };

describe('erasing people from queue and books', () => {
  let server: RedisForTest;
  let redis: Redis;
  let rooms: TestingModule;
  let clock: ErasureClock;
  const workers: Worker[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startRedis({ durable: false });
    redis = new Redis(server.url);
    rooms = await opened();
    clock = clockIn(rooms);
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await rooms.close();
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
  });

  /** What a process has that erases. */
  async function opened(process?: RedisConnections): Promise<TestingModule> {
    const builder = Test.createTestingModule({
      imports: [RedisModule.forRoot(server.url), JournalModule, LedgerModule, QueuesModule, StateModule],
      providers: [Erasure, HeldErasure],
    });
    if (process !== undefined) builder.overrideProvider(RedisConnections).useValue(process);
    return builder.compile();
  }

  const clockIn = (module: TestingModule): ErasureClock =>
    new ErasureClock(
      module.get(ErasedPeople, OPEN),
      module.get(Erasure),
      module.get(HeldErasure),
      module.get(Locks, OPEN),
    );

  /** One that says who it is about, decided now or so many milliseconds from now. */
  function effectAbout(people: readonly string[], fromNow = -1): Effect {
    return someEffect({
      params: { text: `about ${people.join(' and ')}` },
      origin: { hour: '2026-05-04T10', source: 'io', stream: 'lead-activity' },
      decidedAt: new Date(Date.now() + fromNow).toISOString(),
      ...(people.length === 0 ? {} : { people }),
    });
  }

  const erase = async (...erasures: string[]): Promise<void> => {
    await rooms.get(RedisMemory, OPEN).exchange('batch', { touches: [], merges: [], erasures });
  };
  const merge = async (from: string, into: string): Promise<void> => {
    const merges = [{ into, from: [from] }];
    await rooms.get(RedisMemory, OPEN).exchange('batch', { touches: [], merges, erasures: [] });
  };
  const ended = async (effect: Effect, end = ending('done', `told ${ADA}`)): Promise<void> => {
    const ledger = rooms.get(EffectLedger, OPEN);
    await ledger.claim(effect, { token: 'token', leaseMs: MINUTE });
    await ledger.settle(effect, 'token', end);
  };
  const sent = async (...effects: Effect[]): Promise<void> => {
    for (const effect of effects) await ended(effect);
  };
  /** What the ledger tells people, in the order of events. */
  const inBook = async (): Promise<readonly [string, ...unknown[]][]> => {
    const { entries } = await rooms.get(EffectSearch, OPEN).search({}, 100_000);
    return entries
      .map(({ effect, standing, reason = '' }): [string, ...unknown[]] => [
        effect.eventId,
        effect.params['text'] ?? effect.params,
        standing,
        ...(standing === 'failed' ? [reason] : []),
      ])
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  };
  const queue = async (...effects: Effect[]): Promise<void> => {
    await rooms.get(ActionsQueue, OPEN).addAll(effects);
  };
  const waiting = (): Promise<string[]> => redis.zrange(`${LANE}:prioritized`, '0', '-1');
  const look = (): Promise<void> => clock.look(Date.now() + MINUTE);

  const failedCount = (): Promise<string | null> => redis.hget(LINE, 'io|lead-activity|failed');
  const unfinished = (): Promise<string[]> => redis.zrange(ERASED_KEY, '0', '-1');

  it('takes out of the book what is about the person, alone or among others, and what targets said of it', async () => {
    const [ofAda, ofBoth, ofBob, ofNobody] = [[ADA], [BOB, ADA], [BOB], []].map((people) =>
      effectAbout(people),
    );
    const all = [ofAda, ofBoth, ofBob, ofNobody] as Effect[];
    const ledger = rooms.get(EffectLedger, OPEN);
    for (const effect of all) {
      await ledger.claim(effect, { token: 'token', leaseMs: MINUTE });
      await ledger.keepPlan(effect.id, { score: 7 });
      await ledger.settle(effect, 'token', ending('done', `told ${ADA}`));
    }
    await erase(ADA);
    await look();
    expect(await inBook()).toEqual(
      [ofBob, ofNobody].map((each) => [each?.eventId, each?.params['text'], 'done']),
    );
    const texts = all.map(({ id }) =>
      redis.hmget(`${QUEUE_PREFIX}:effect:${id}`, 'state', 'plan', 'summary'),
    );
    const kept = ['done', '{"score":7}', `told ${ADA}`];
    expect(await Promise.all(texts)).toEqual([['done', null, null], ['done', null, null], kept, kept]);
    expect(await unfinished()).toEqual([]);
  });

  it('goes through books of any length', async () => {
    const effects = Array.from({ length: 2_600 }, (_, i) => effectAbout([i % 3 === 0 ? ADA : BOB]));
    await Promise.all(effects.map((effect) => ended(effect)));
    await erase(ADA);
    await look();
    const others = effects.filter(({ people }) => people?.includes(BOB));
    expect(await inBook()).toEqual(others.map(({ eventId, params }) => [eventId, params['text'], 'done']));
  });

  it('gives up what waits to be sent about the person alone, and nothing else', async () => {
    const alone = [effectAbout([ADA]), effectAbout([ADA]), effectAbout([ADA, CYD])];
    const stays = [effectAbout([ADA, BOB]), effectAbout([BOB]), effectAbout([])];
    await queue(...alone, ...stays);
    await erase(ADA, CYD);
    // What a rule did on the deletion itself.
    const onDeletion = effectAbout([ADA], 0);
    await queue(onDeletion);
    await look();
    expect((await waiting()).sort()).toEqual([...stays, onDeletion].map(({ id }) => id).sort());
    expect(await inBook()).toEqual(alone.map(({ eventId }) => [eventId, GONE, 'failed', 'person.erased']));
    expect(await failedCount()).toBe('3');
    expect(await redis.keys(`${LANE}:${alone[0]?.id ?? ''}*`)).toEqual([]);
  });

  it('gives up dead letters and what waits for its next try, and counts none twice', async () => {
    const [dead, delayed] = [effectAbout([ADA]), effectAbout([ADA])];
    await queue(dead, delayed);
    const [first, second] = await active(2);
    await first?.moveToFailed(new UnrecoverableError('refused'), 'token');
    await second?.moveToDelayed(Date.now() + MINUTE, 'token');
    await rooms.get(EffectLedger, OPEN).giveUp(dead);
    await erase(ADA);
    await look();
    expect([await redis.exists(`${LANE}:${dead.id}`), await redis.exists(`${LANE}:${delayed.id}`)]).toEqual([
      0, 0,
    ]);
    expect(await failedCount()).toBe('2');
  });

  it('comes back for what was being sent', async () => {
    const effect = effectAbout([ADA]);
    await queue(effect);
    const [job] = await active(1);
    await erase(ADA, BOB);
    await look();
    expect(await unfinished()).toEqual([ADA]);
    await job?.moveToFailed(new UnrecoverableError('refused'), 'token');
    await look();
    expect([await unfinished(), await redis.exists(`${LANE}:${effect.id}`)]).toEqual([[], 0]);
    expect(await inBook()).toEqual([[effect.eventId, GONE, 'failed', 'person.erased']]);
  });

  it('knows who had been merged into the person, and leaves those who were only merged', async () => {
    await sent(effectAbout([ADA]), effectAbout([CYD]));
    await merge(ADA, BOB);
    await look();
    expect(await inBook()).toHaveLength(2);
    await erase(BOB);
    await look();
    expect(await inBook()).toMatchObject([[expect.anything(), `about ${CYD}`, 'done']]);
  });

  it('writes of people who were erased only that it was done', async () => {
    const [done, failed] = [effectAbout([ADA]), effectAbout([ADA, BOB])];
    await erase(ADA);
    await sent(done);
    await ended(failed, ending('failed', 'smtp.550: ada@x is nobody'));
    await ended(effectAbout([BOB]), ending('failed', 'smtp.550: no'));
    expect(await inBook()).toEqual([
      [done.eventId, GONE, 'done'],
      [failed.eventId, GONE, 'failed', 'smtp.550'],
      [expect.anything(), `about ${BOB}`, 'failed', 'smtp.550: no'],
    ]);
    const keys = await redis.keys(`${QUEUE_PREFIX}:effect:*`);
    const book = JSON.stringify(await Promise.all(keys.map((key) => redis.hgetall(key))));
    expect([book.includes(ADA), book.includes('ada@x'), book.includes(BOB)]).toEqual([false, false, true]);
  });

  it('notes of an attempt that was under way while its person was erased only how it ended', async () => {
    const effect = effectAbout([ADA]);
    const ledger = rooms.get(EffectLedger, OPEN);
    await ledger.claim(effect, { token: 'token', leaseMs: MINUTE });
    await erase(ADA);
    await ledger.settle(effect, 'token', ending('done', `told ${ADA}`));
    expect(await inBook()).toEqual([[effect.eventId, GONE, 'done']]);
    expect(JSON.stringify(await ledger.get(effect.id))).not.toContain(ADA);
  });

  it('discards what is held about the person alone, and leaves what is held about others too', async () => {
    const [alone, both] = [effectAbout([ADA]), effectAbout([ADA, BOB])];
    const ledger = rooms.get(EffectLedger, OPEN);
    for (const effect of [alone, both]) await ledger.hold(effect, 'limit: 100 an hour');
    await erase(ADA);
    await look();
    expect(await inBook()).toEqual([
      [alone.eventId, GONE, 'suppressed'],
      [both.eventId, `about ${ADA} and ${BOB}`, 'held'],
    ]);
    expect([await ledger.release(alone), await ledger.release(both)]).toEqual([false, true]);
  });

  it('waits until what was under way is queued, and costs one command when there is nothing to do', async () => {
    await sent(effectAbout([ADA]));
    await erase(ADA);
    await redis.config('RESETSTAT');
    await clock.look(Date.now());
    const calls = (await redis.info('commandstats')).match(/cmdstat_\S+:calls=\d+/g) ?? [];
    expect(calls.filter((each) => !/config|info/.test(each))).toEqual(['cmdstat_zrangebyscore:calls=1']);
    expect(await inBook()).toHaveLength(1);
  });

  it('is done by one at a time', async () => {
    await sent(effectAbout([ADA]));
    await erase(ADA);
    await rooms.get(Locks, OPEN).acquire('erasure', 'another', MINUTE);
    await look();
    expect(await inBook()).toHaveLength(1);
    await rooms.get(Locks, OPEN).release('erasure', 'another');
    await look();
    expect(await inBook()).toEqual([]);
  });

  it('comes to the same wherever it is killed between two commands', async () => {
    const effects = [effectAbout([ADA]), effectAbout([BOB])];
    const scene = async (): Promise<void> => {
      await redis.flushall();
      await queue(...effects);
      await sent(...effects);
      await erase(ADA);
    };
    const told = async (): Promise<object> => ({
      book: [...new Set((await inBook()).map((entry) => JSON.stringify(entry)))],
      failed: await failedCount(),
      waiting: await waiting(),
      unfinished: await unfinished(),
    });
    await scene();
    await look();
    const undisturbed = await told();
    let waves = 0;
    for (let ended = false; !ended; waves += 1) {
      const process = new GatedProcess(server.url);
      const victim = await opened(process);
      await scene();
      process.gateAll();
      await process.begin(() => clockIn(victim).look(Date.now() + MINUTE));
      for (let wave = 0, end; end === undefined; wave += 1) {
        end = await process.step((commands) => (wave === waves ? { diesAfter: commands } : 'pass'));
        ended = end === true;
      }
      process.cut();
      await redis.del('signalman:lock:erasure');
      await look();
      expect({ waves, ...(await told()) }).toEqual({ waves, ...undisturbed });
    }
    expect(waves).toBeGreaterThan(8);
  });

  /** Jobs that a worker has taken and holds. */
  async function active(count: number): Promise<(Job | undefined)[]> {
    const connection = rooms.get(RedisConnections, OPEN).forWorkers();
    const worker = new Worker(laneQueueName('ops'), null, {
      connection,
      prefix: QUEUE_PREFIX,
      autorun: false,
    });
    workers.push(worker);
    const jobs = [];
    for (let i = 0; i < count; i += 1) jobs.push(await worker.getNextJob('token'));
    return jobs;
  }
});
