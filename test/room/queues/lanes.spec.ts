import 'reflect-metadata';
import type { LaneReport } from '../../../src/contracts/lane.js';
import { LANES_KEY, laneKey } from '../../../src/redis/keys.js';
import { effectFor, effectsFor } from '../../support/effects.js';
import { eventually } from '../../support/eventually.js';
import { type Script, ScriptedLanes, useScriptedLanes } from './scripted-lanes.js';

const PAUSE = { by: 'cli:ada', reason: 'They move house', since: '2026-05-04T10:00:00.000Z' };
const CRM = { crm: { kind: 'webhook' } };

const used = useScriptedLanes();

/** Jobs of it end when `release` is called. */
function gate(script: Script): { release: () => void } {
  let release = (): void => undefined;
  const open = new Promise<void>((resolve) => (release = resolve));
  script.act = () => open;
  return { release };
}

const reportOf = async (name: string): Promise<LaneReport | undefined> =>
  (await used.rooms.lanes.list(CRM)).find((lane) => lane.name === name);

const isEmpty = async (name: string): Promise<boolean> => {
  const report = await reportOf(name);
  return report === undefined || report.waiting + report.underWay + report.delayed === 0;
};

describe('what is queued', () => {
  it('goes to the lane of its destination, which is known from then on', async () => {
    const effects = [effectFor({ to: 'crm' }), effectFor({ to: 'ops' }), effectFor({ to: 'crm' })];
    await used.rooms.actions.addAll(effects);
    expect(await used.rooms.queues.names()).toEqual(['crm', 'ops']);
    expect(await used.rooms.queues.lane('crm').getRanges(['prioritized'], 0, -1, true)).toEqual([
      effects[0]?.id,
      effects[2]?.id,
    ]);
  });

  it('is taken in pieces when it is a lot, all of it and in order', async () => {
    const many = effectsFor(1_234, { to: 'crm' });
    await used.rooms.actions.addAll(many);
    const ids = await used.rooms.queues.lane('crm').getRanges(['prioritized'], 0, -1, true);
    expect(ids).toEqual(many.map(({ id }) => id));
  });

  it('asks nothing of Redis when it is nothing', async () => {
    await used.rooms.actions.addAll([]);
    expect(await used.redis.client.exists(LANES_KEY)).toBe(0);
  });

  it('is done by priority, and among equals in the order in which it came', async () => {
    const of = (priority: 'high' | 'normal' | 'low') => effectFor({ to: 'crm', priority });
    const plain = effectFor({ to: 'crm' });
    const [low, normal, high, low2, high2] = [of('low'), of('normal'), of('high'), of('low'), of('high')];
    await used.rooms.actions.addAll([low, plain, normal, high, low2]);
    await used.rooms.actions.addAll([high2]);
    const script = used.rooms.work('crm', 1);
    await eventually(() => isEmpty('crm'));
    expect(script.ids).toEqual([high, high2, plain, normal, low, low2].map(({ id }) => id));
  });
});

describe('lanes', () => {
  it('do not wait for each other: one hangs with all its places taken, another goes on', async () => {
    const { release } = gate(used.rooms.work('hangs', 4));
    const quick = used.rooms.work('quick', 2);
    await used.rooms.actions.addAll(effectsFor(20, { to: 'hangs' }));
    await eventually(async () => (await reportOf('hangs'))?.underWay === 4);
    await used.rooms.actions.addAll(effectsFor(50, { to: 'quick' }));
    await eventually(() => quick.seen.length === 50);
    expect(await reportOf('hangs')).toMatchObject({ underWay: 4, waiting: 16 });
    release();
    await eventually(() => isEmpty('hangs'));
  });

  it('keep to what may be under way at once, over all processes', async () => {
    const other = await ScriptedLanes.open(used.redis.url);
    await used.rooms.queues.limit('crm', 3);
    let [now, most] = [0, 0];
    const act = async (): Promise<void> => {
      most = Math.max(most, (now += 1));
      await used.redis.client.ping();
      now -= 1;
    };
    const scripts = [used.rooms.work('crm', 8), other.work('crm', 8)];
    for (const script of scripts) script.act = act;
    await used.rooms.actions.addAll(effectsFor(200, { to: 'crm' }));
    await eventually(() => isEmpty('crm'));
    expect(most).toBeLessThanOrEqual(3);
    expect(scripts.map(({ seen }) => seen.length > 0)).toEqual([true, true]);
    await other.close();
  });

  it('have no such limit any more when none is said', async () => {
    await used.rooms.queues.limit('crm', 1);
    await used.rooms.queues.limit('crm', undefined);
    const { release } = gate(used.rooms.work('crm', 8));
    await used.rooms.actions.addAll(effectsFor(8, { to: 'crm' }));
    await eventually(async () => (await reportOf('crm'))?.underWay === 8);
    release();
    await eventually(() => isEmpty('crm'));
  });

  it('that are held wait, and go on soon after a person resumes them', async () => {
    await used.rooms.queues.lane('crm').rateLimit(3_600_000);
    const script = used.rooms.work('crm');
    const quick = used.rooms.work('quick');
    await used.rooms.actions.addAll([effectFor({ to: 'crm' }), effectFor({ to: 'quick' })]);
    await eventually(() => quick.seen.length === 1);
    expect(script.seen).toEqual([]);
    await used.rooms.lanes.resume('crm');
    await eventually(() => script.seen.length === 1, { timeoutMs: 3_000 });
  });
});

describe('a person', () => {
  it('pauses a lane, which keeps what it has, and resumes it', async () => {
    await used.rooms.actions.addAll(effectsFor(3, { to: 'crm' }));
    await used.rooms.lanes.pause('crm', PAUSE);
    expect(await reportOf('crm')).toMatchObject({ kind: 'webhook', waiting: 3, paused: PAUSE });
    await used.rooms.queues.lane('crm').rateLimit(3_600_000);
    await used.rooms.lanes.resume('crm');
    expect(await reportOf('crm')).toEqual({
      ...{ name: 'crm', kind: 'webhook', breaker: 'closed' },
      ...{ waiting: 3, underWay: 0, delayed: 0, dead: 0 },
    });
  });

  it('sees how a lane fares, and closes its breaker by resuming it', async () => {
    const until = Date.now() + 60_000;
    const failing = { breaker: 'open', until, failures: 5, trips: 2, askedSince: 1 };
    const state = { ...failing, since: 5, lastFailure: 'http.503: busy', tat: 7 };
    await used.redis.client.hset(laneKey('crm'), state);
    expect(await reportOf('crm')).toEqual({
      name: 'crm',
      kind: 'webhook',
      ...{ waiting: 0, underWay: 0, delayed: 0, dead: 0 },
      breaker: 'open',
      since: 5,
      heldUntil: until,
      lastFailure: 'http.503: busy',
    });
    await used.rooms.lanes.resume('crm');
    expect(await reportOf('crm')).toMatchObject({ breaker: 'closed', lastFailure: 'http.503: busy' });
    const { since, ...rest } = await used.redis.client.hgetall(laneKey('crm'));
    expect(rest).toEqual({ lastFailure: 'http.503: busy', tat: '7' });
    // From now on it is well.
    expect(Date.now() - Number(since)).toBeLessThan(60_000);
  });

  it('sees since when a destination that is held has asked for it, while it is', async () => {
    const until = Date.now() + 60_000;
    await used.redis.client.hset(laneKey('crm'), { askedSince: 5, until, lastFailure: 'http.429: later' });
    expect(await reportOf('crm')).toMatchObject({ breaker: 'closed', since: 5, heldUntil: until });
    await used.redis.client.hset(laneKey('crm'), { until: Date.now() - 1 });
    expect(Object.keys((await reportOf('crm')) ?? {})).not.toContain('since');
  });

  it('sees the lanes of all destinations, and of earlier ones while they hold something', async () => {
    await used.rooms.actions.addAll([effectFor({ to: 'gone' })]);
    await used.redis.client.sadd(LANES_KEY, 'empty');
    const lanes = (await used.rooms.lanes.list(CRM)).map(({ name, kind }) => [name, kind]);
    expect(lanes).toEqual([
      ['crm', 'webhook'],
      ['gone', undefined],
      ['signalman', 'signalman'],
    ]);
  });

  it('is told the nearest name when there is no such lane', async () => {
    await used.rooms.actions.addAll([effectFor({ to: 'gone' })]);
    for (const name of ['crm', 'gone', 'signalman']) await used.rooms.lanes.mustExist(name, CRM);
    await expect(used.rooms.lanes.mustExist('crn', CRM)).rejects.toMatchObject({
      code: 'lane.unknown',
      message: 'There is no destination "crn". Did you mean "crm"?',
    });
  });
});
