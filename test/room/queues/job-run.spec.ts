import 'reflect-metadata';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Failure, permanent, postponed, retryAt, transient } from '../../../src/contracts/failure.js';
import { effectFor, effectsFor } from '../../support/effects.js';
import { eventually } from '../../support/eventually.js';
import { type Script, useScriptedLanes } from './scripted-lanes.js';

const HOUR_MS = 3_600_000;

describe('a job of a lane', () => {
  const used = useScriptedLanes();
  let script: Script;

  beforeEach(() => {
    script = used.rooms.work('receiver');
  });

  const isGone = async (id: string): Promise<boolean> =>
    (await used.rooms.queues.lane('receiver').getJob(id)) === undefined;

  /** What the log says meanwhile at a level. */
  async function logged(level: 'error' | 'warn', act: () => Promise<unknown>): Promise<unknown[]> {
    const spy = jest.spyOn(Logger.prototype, level).mockReturnValue(undefined);
    await act();
    const lines = spy.mock.calls.map(([line]) => line as unknown);
    spy.mockRestore();
    return lines;
  }

  it('hands the payload on as it was queued, and is forgotten when it is done', async () => {
    const one = effectFor({ priority: 'high', people: ['lead:1'] });
    await used.rooms.actions.addAll([one]);
    await eventually(() => isGone(one.id));
    expect(JSON.parse(JSON.stringify(script.seen[0]?.effect))).toEqual(one);
  });

  it('is there once while it is queued', async () => {
    const one = effectFor();
    const lane = used.rooms.queues.lane('receiver');
    await lane.pause();
    await used.rooms.actions.addAll([one, one]);
    await used.rooms.actions.addAll([one]);
    expect(await lane.getJobCountByTypes('waiting', 'prioritized', 'active')).toBe(1);
    await lane.resume();
    await eventually(() => isGone(one.id));
    expect(script.seen).toHaveLength(1);
  });

  it('is tried again after a pause when its failure was transient', async () => {
    const one = effectFor();
    script.act = () => {
      if (script.seen.length === 1) throw transient('http.503', 'busy');
    };
    await used.rooms.actions.addAll([one]);
    await eventually(() => isGone(one.id));
    expect(script.seen.map(({ context }) => context.attempt)).toEqual([1, 2]);
  });

  it('waits until the time that a target named, without using up an attempt', async () => {
    const one = effectFor();
    const begin = Date.now();
    let resumed = 0;
    script.act = () => {
      if (script.seen.length === 1) throw retryAt('http.429', 'later', begin + 400);
      resumed = Date.now();
    };
    await used.rooms.actions.addAll([one]);
    await eventually(() => isGone(one.id));
    expect(resumed).toBeGreaterThanOrEqual(begin + 400);
    expect(script.seen.map(({ context }) => context.attempt)).toEqual([1, 1]);
  });

  it('knows for how long its target has put it off without another answer', async () => {
    const hourAway = () => retryAt('http.429', 'later', Date.now() + HOUR_MS);
    const answers = [hourAway(), hourAway(), transient('http.500', 'broken'), hourAway(), undefined];
    script.act = () => {
      const answer = answers[script.seen.length - 1];
      if (answer !== undefined) throw answer;
    };
    const one = effectFor();
    await used.rooms.actions.addAll([one]);
    const lane = used.rooms.queues.lane('receiver');
    await eventually(async () => {
      const job = await lane.getJob(one.id);
      if (await job?.isDelayed()) await job?.promote();
      return job === undefined;
    });
    const hours = script.seen.map(({ context }) => Math.round(context.putOffMs / HOUR_MS));
    expect(hours).toEqual([0, 1, 2, 0, 1]);
  });

  it('does not count what an earlier version noted of it', async () => {
    script.act = async (effect) => {
      if (script.seen.length > 1) return;
      await (await used.rooms.queues.lane('receiver').getJob(effect.id))?.updateProgress(1_700_000_000_000);
      throw postponed('effect.busy', 'busy', Date.now());
    };
    const one = effectFor();
    await used.rooms.actions.addAll([one]);
    await eventually(() => isGone(one.id));
    expect(script.seen[1]?.context.putOffMs).toBe(0);
  });

  it('does not count the time in which something of ours was in its way', async () => {
    const one = effectFor();
    script.act = () => {
      if (script.seen.length === 1) throw postponed('effect.busy', 'busy', Date.now() + 50);
    };
    await used.rooms.actions.addAll([one]);
    await eventually(() => isGone(one.id));
    expect(script.seen[1]?.context.putOffMs).toBe(0);
  });

  it('becomes a dead letter at once when its failure is permanent, and is replayed on demand as new', async () => {
    const one = effectFor();
    script.act = () => {
      if (script.seen.length === 1) throw retryAt('http.429', 'later', Date.now());
      throw permanent('slack.channel_not_found', 'no such channel');
    };
    await used.rooms.actions.addAll([one]);
    const [letter] = await eventually(async () => {
      const letters = await used.rooms.dead.list();
      return letters.length > 0 ? letters : undefined;
    });
    expect(letter).toMatchObject({ id: one.id, queue: 'actions', name: 'webhook', data: one });
    expect(letter?.reason).toBe('slack.channel_not_found: no such channel');
    expect(await used.rooms.dead.count()).toEqual({ events: 0, actions: 1 });

    script.act = () => undefined;
    expect(await used.rooms.dead.replay(one.id, () => Promise.resolve())).toBe(true);
    await eventually(() => isGone(one.id));
    expect(script.seen.at(-1)?.context).toMatchObject({ attempt: 1, lastAttempt: false });
    expect(script.seen.at(-1)?.context.putOffMs).toBe(0);
    expect(await used.rooms.dead.replay(one.id, () => Promise.resolve())).toBe(false);
  });

  it('is told in the log when it is given up, with what to do', async () => {
    const one = effectFor();
    script.act = () => {
      throw permanent('source.missing', 'The source "crm" is gone.');
    };
    const lines = await logged('error', async () => {
      await used.rooms.actions.addAll([one]);
      await eventually(async () => (await used.rooms.dead.count()).actions === 1);
    });
    expect(lines).toEqual([
      {
        event: 'job.dead',
        queue: 'receiver',
        job: one.id,
        to: 'receiver',
        reason: 'source.missing: The source "crm" is gone.',
        next: `Mend the cause, then run: signalman dead replay ${one.id}`,
      },
    ]);
  });

  it('says once, and without a stack, that Redis is full', async () => {
    script.act = () => {
      if (script.seen.length <= 2) throw new Error(`OOM command not allowed. script: ${script.seen.length}`);
    };
    const lines = await logged('error', async () => {
      await used.rooms.actions.addAll([effectFor(), effectFor()]);
      await eventually(() => script.seen.length === 4);
    });
    expect(lines).toEqual([expect.stringMatching(/^Job e\S+ of receiver: Redis is full: .*maxmemory$/)]);
  });

  it.each([
    ['another version', { ...effectFor(), v: 2 }],
    ['a missing member', { ...effectFor(), to: undefined }],
    ['no object', 'text'],
  ])('becomes a dead letter, unhandled, when it is of %s', async (_what, data) => {
    const job = await used.rooms.queues.lane('receiver').add('webhook', data);
    await eventually(async () => await job.isFailed());
    expect((await used.rooms.queues.lane('receiver').getJob(job.id ?? ''))?.failedReason).toContain(
      'payload.invalid: This version cannot read the job, which another one wrote',
    );
    expect(script.seen).toEqual([]);
  });

  it('goes back to its lane while that is held, and loses neither its place nor an attempt', async () => {
    const [first, second] = [effectFor(), effectFor()];
    const begin = Date.now();
    const times: number[] = [];
    await used.rooms.rest();
    script = used.rooms.work('receiver', 1);
    script.act = async () => {
      times.push(Date.now());
      if (times.length > 1) return;
      await used.rooms.queues.lane('receiver').rateLimit(700);
      throw new Failure('later', { code: 'http.429', retry: { kind: 'lane', at: begin + 700 } });
    };
    await used.rooms.actions.addAll([first, second]);
    await eventually(() => isGone(second.id));
    expect(script.ids).toEqual([first.id, first.id, second.id]);
    expect(times[1]).toBeGreaterThanOrEqual(begin + 700);
    expect(script.seen.map(({ context }) => context.attempt)).toEqual([1, 1, 1]);
  });

  it('is not left lying when holds of its lane end while others come back to it', async () => {
    const times: number[] = [];
    await used.rooms.rest();
    script = used.rooms.work('receiver', 8);
    script.act = async () => {
      await used.redis.client.ping();
      const next = (times.at(-1) ?? 0) + 50;
      if (Date.now() >= next) {
        times.push(Date.now());
        return;
      }
      await used.rooms.queues.lane('receiver').rateLimit(next - Date.now());
      throw new Failure('too fast', {
        code: 'lane.pace',
        retry: { kind: 'lane', at: next },
        postponed: true,
      });
    };
    await used.rooms.actions.addAll(effectsFor(60));
    await eventually(() => times.length === 60, { timeoutMs: 30_000 });
    const gaps = times.map((time, index) => time - (times[index - 1] ?? time));
    // A worker that nobody wakes sleeps for five seconds.
    expect(Math.max(...gaps)).toBeLessThan(4_000);
  });
});
