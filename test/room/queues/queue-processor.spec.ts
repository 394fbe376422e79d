import 'reflect-metadata';
import { getQueueToken, Processor } from '@nestjs/bullmq';
import { jest } from '@jest/globals';
import { Injectable, Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Queue } from 'bullmq';
import type { Effect } from '../../../src/contracts/effect.js';
import { permanent, retryAt, transient } from '../../../src/contracts/failure.js';
import { ActionsQueue } from '../../../src/queues/actions-queue.js';
import { DeadLetters } from '../../../src/queues/dead-letters.js';
import { EffectPayload } from '../../../src/queues/job-payloads.js';
import { ACTIONS_QUEUE } from '../../../src/queues/queue-names.js';
import { ACTIONS_WORKER } from '../../../src/queues/queue-options.js';
import { QueueProcessor, type JobContext } from '../../../src/queues/queue-processor.js';
import { QueuesModule } from '../../../src/queues/queues.module.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

/** What the next jobs shall do, and which were seen. */
@Injectable()
class Script {
  readonly seen: { effect: EffectPayload; context: JobContext }[] = [];
  act: (effect: EffectPayload, context: JobContext) => void = () => undefined;
}

@Processor(ACTIONS_QUEUE, ACTIONS_WORKER)
class ScriptedProcessor extends QueueProcessor<EffectPayload> {
  protected override readonly payload = EffectPayload;

  constructor(private readonly script: Script) {
    super();
  }

  protected override about({ to }: EffectPayload): Readonly<Record<string, string>> {
    return { to };
  }

  protected override handle(effect: EffectPayload, context: JobContext): Promise<void> {
    this.script.seen.push({ effect, context });
    this.script.act(effect, context);
    return Promise.resolve();
  }
}

let serial = 0;

function effect(): Effect {
  serial += 1;
  return {
    v: 1,
    id: `e${String(serial).padStart(32, '0')}`,
    type: 'webhook',
    to: 'receiver',
    params: { body: { text: 'ä <b> \u2028' } },
    guarantee: 'at-least-once',
    ruleId: 'leads/x',
    ruleVersion: 'abc',
    eventId: 'event 1',
    actionIndex: 0,
    origin: { hour: '2026-05-04T10', source: 'a-source', stream: 'lead-activity' },
    decidedAt: '2026-01-01T00:00:00.000Z',
  };
}

describe('QueueProcessor', () => {
  let redis: RedisForTest;
  let module: TestingModule;
  let script: Script;
  let queue: Queue;
  let actions: ActionsQueue;
  let dead: DeadLetters;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    module = await Test.createTestingModule({
      imports: [RedisModule.forRoot(redis.url), QueuesModule],
      providers: [Script, ScriptedProcessor],
    }).compile();
    module.useLogger(false);
    await module.init();
    script = module.get(Script);
    queue = module.get(getQueueToken(ACTIONS_QUEUE));
    actions = module.get(ActionsQueue);
    dead = module.get(DeadLetters);
  });
  afterAll(async () => {
    await module.close();
    await redis.stop();
  });
  beforeEach(() => {
    script.seen.length = 0;
    script.act = () => undefined;
  });

  it('hands the payload on as it was queued, and forgets the finished job', async () => {
    const one = effect();
    await actions.addAll([one]);
    await eventually(() => script.seen.length === 1);
    expect(JSON.parse(JSON.stringify(script.seen[0]?.effect))).toEqual(one);
    await eventually(async () => (await queue.getJob(one.id)) === undefined);
  });

  it('queues an effect once while it is there', async () => {
    const one = effect();
    await queue.pause();
    await actions.addAll([one, one]);
    await actions.addAll([one]);
    expect(await queue.getJobCountByTypes('waiting', 'active')).toBe(1);
    await queue.resume();
    await eventually(async () => (await queue.getJob(one.id)) === undefined);
    expect(script.seen).toHaveLength(1);
  });

  it('tries a transient failure again after a pause', async () => {
    const one = effect();
    script.act = () => {
      if (script.seen.length === 1) throw transient('http.503', 'busy');
    };
    await actions.addAll([one]);
    await eventually(() => script.seen.length === 2);
    await eventually(async () => (await queue.getJob(one.id)) === undefined);
  });

  it('waits until the time that a target named, without using up an attempt', async () => {
    const one = effect();
    const at = Date.now() + 400;
    let resumed = 0;
    script.act = () => {
      if (script.seen.length === 1) throw retryAt('http.429', 'later', at);
      resumed = Date.now();
    };
    await actions.addAll([one]);
    await eventually(() => resumed > 0);
    expect(resumed).toBeGreaterThanOrEqual(at);
    expect(script.seen.map(({ context }) => context.lastAttempt)).toEqual([false, false]);
    await eventually(async () => (await queue.getJob(one.id)) === undefined);
  });

  it('makes a permanent failure a dead letter at once, and replays it on demand', async () => {
    const one = effect();
    script.act = () => {
      throw permanent('slack.channel_not_found', 'no such channel');
    };
    await actions.addAll([one]);
    const [letter] = await eventually(async () => {
      const letters = await dead.list();
      return letters.length > 0 ? letters : undefined;
    });
    expect(letter).toMatchObject({ id: one.id, queue: 'actions', name: 'webhook', data: one });
    expect(letter?.reason).toBe('slack.channel_not_found: no such channel');
    expect(await dead.count()).toEqual({ events: 0, actions: 1 });

    script.act = () => undefined;
    expect(await dead.replay(one.id)).toBe(true);
    await eventually(() => script.seen.length === 2);
    await eventually(async () => (await dead.count()).actions === 0);
    expect(await dead.replay(one.id)).toBe(false);
  });

  it('says in the log what was given up, and what to do', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const one = effect();
    script.act = () => {
      throw permanent('source.missing', 'The source "crm" is gone.');
    };
    await actions.addAll([one]);
    await eventually(async () => (await dead.count()).actions === 1);
    const lines = error.mock.calls.map(([line]) => line as unknown);
    error.mockRestore();
    expect(lines).toEqual([
      {
        event: 'job.dead',
        queue: 'actions',
        job: one.id,
        to: 'receiver',
        reason: 'source.missing: The source "crm" is gone.',
        next: `Mend the cause, then run: signalman dead replay ${one.id}`,
      },
    ]);
    await (await queue.getJob(one.id))?.remove();
  });

  it('says once, and without a stack, that Redis is full', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    script.act = () => {
      if (script.seen.length <= 2) throw new Error(`OOM command not allowed. script: ${script.seen.length}`);
    };
    await actions.addAll([effect(), effect()]);
    await eventually(() => script.seen.length === 4);
    const lines = error.mock.calls.map(([line]) => line as unknown);
    error.mockRestore();
    expect(lines).toEqual([expect.stringMatching(/^Job e\d+ of actions: Redis is full: .*maxmemory$/)]);
  });

  it('says once what is wrong with every job that was under way', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const { worker } = module.get(ScriptedProcessor);
    for (const id of ['e1', 'e2', 'e3'])
      worker.emit('error', new Error(`could not renew lock for job ${id}`));
    worker.emit('error', new Error('Missing lock for job e1. moveToFinished'));
    const lines = warn.mock.calls.map(([line]) => line as unknown);
    warn.mockRestore();
    expect(lines).toEqual([
      'Worker of queue actions: could not renew lock for job e1',
      'Worker of queue actions: Missing lock for job e1. moveToFinished',
    ]);
  });

  it.each([
    ['another version', { ...effect(), v: 2 }],
    ['a missing member', { ...effect(), to: undefined }],
    ['no object', 'text'],
  ])('makes a job with %s a dead letter, unhandled', async (_what, data) => {
    const job = await queue.add('webhook', data);
    await eventually(async () => await job.isFailed());
    expect((await queue.getJob(job.id ?? ''))?.failedReason).toContain(
      'payload.invalid: This version cannot read the job, which another one wrote',
    );
    expect(script.seen).toEqual([]);
    await job.remove();
  });
});
