import 'reflect-metadata';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Failure, permanent, postponed, retryAt, transient } from '../contracts/failure.js';
import { Metrics } from '../observability/metrics.js';
import { EffectPayload } from '../queues/job-payloads.js';
import type { JobContext } from '../queues/job-run.js';
import type { Deliverer } from './deliverer.js';
import { DeliveryProcessor } from './delivery.processor.js';

const EFFECT: EffectPayload = Object.assign(new EffectPayload(), {
  v: 1,
  id: `e${'0'.repeat(32)}`,
  type: 'slack',
  to: 'ops',
  params: { text: 'hello' },
  guarantee: 'at-most-once',
  ruleId: 'leads/x',
  ruleVersion: 'abc',
  eventId: 'event 1',
  actionIndex: 0,
  origin: { hour: '2026-01-01T00', source: 'prod', stream: 'lead-activity' },
  decidedAt: '2026-01-01T00:00:00.000Z',
});

const HOUR_MS = 3_600_000;

interface Seen {
  readonly processor: DeliveryProcessor;
  /** Why each was given up. */
  readonly givenUp: (string | undefined)[];
}

function processorWith(deliver: () => Promise<unknown>): Seen {
  const givenUp: Seen['givenUp'] = [];
  const deliverer = {
    deliver,
    giveUp: (_effect: unknown, reason?: string) => {
      givenUp.push(reason);
      return Promise.resolve();
    },
  };
  return { processor: new DeliveryProcessor(deliverer as unknown as Deliverer, new Metrics()), givenUp };
}

function attempt(over: Partial<JobContext> = {}): JobContext {
  return {
    jobId: EFFECT.id,
    queuedAt: 0,
    attempt: 1,
    lastAttempt: false,
    begunBefore: false,
    putOffMs: 0,
    ...over,
  };
}

const LAST = { attempt: 15, lastAttempt: true };

describe('DeliveryProcessor', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  beforeEach(() => {
    warn.mockClear();
  });
  afterAll(() => {
    warn.mockRestore();
  });

  it('says in the log which effect may or may not have happened', async () => {
    const reason = 'the worker stopped while it was sending';
    const { processor } = processorWith(() => Promise.resolve({ outcome: 'unknown', reason }));
    await processor.handle(EFFECT, attempt());
    expect(warn.mock.calls.map(([line]) => line as unknown)).toEqual([
      { event: 'effect.unknown', effect: EFFECT.id, rule: 'leads/x', to: 'ops', reason },
    ]);
  });

  const twice = new Failure('wrong', { code: 'x.500', retry: { kind: 'backoff' }, tries: 2 });
  const held = new Failure('down', { code: 'x.503', retry: { kind: 'lane', at: 1 } });

  it.each<[string, Error, Partial<JobContext>, string | undefined]>([
    ['refused for good', permanent('slack.x', 'no channel'), {}, 'slack.x: no channel'],
    ['refused for now', transient('http.503', 'busy'), {}, undefined],
    ['refused for now at the last attempt', transient('http.503', 'busy'), LAST, 'http.503: busy'],
    ['refused with a try left', twice, { attempt: 1 }, undefined],
    ['refused as often as it may', twice, { attempt: 2 }, 'x.500: wrong Given up after 2 attempts.'],
    ['put off by something of ours', postponed('effect.busy', 'busy', 1), LAST, undefined],
    ['put off for the first time', retryAt('http.429', 'later', 1), { queuedAt: 0 }, undefined],
    ['put off not too long', retryAt('http.429', 'later', 1), { putOffMs: 71 * HOUR_MS }, undefined],
    [
      'put off too long',
      retryAt('http.429', 'later', 1),
      { putOffMs: 72 * HOUR_MS },
      'http.429: later Given up after 72 hours.',
    ],
    ['held with its lane, however long', held, { ...LAST, putOffMs: 72 * HOUR_MS }, undefined],
    ['met by a defect', new TypeError('x is undefined'), {}, undefined],
    [
      'met by a defect at the last attempt',
      new TypeError('x is undefined'),
      LAST,
      'TypeError: x is undefined',
    ],
  ])('gives an effect up when it becomes a dead letter: %s', async (_, error, context, reason) => {
    const { processor, givenUp } = processorWith(() => Promise.reject(error));
    await expect(processor.handle(EFFECT, attempt(context))).rejects.toThrow();
    expect(givenUp).toEqual(reason === undefined ? [] : [reason]);
  });

  it('tells the lane that it is final when a try is the last that a failure deserves', async () => {
    const { processor } = processorWith(() => Promise.reject(twice));
    await expect(processor.handle(EFFECT, attempt({ attempt: 2 }))).rejects.toMatchObject({
      retry: { kind: 'never' },
    });
  });

  it('gives up what BullMQ gave up by itself, since it took its workers down', async () => {
    const { processor, givenUp } = processorWith(() => Promise.reject(new Error('never asked')));
    await processor.tookWorkersDown(EFFECT, 'job stalled more than allowable limit');
    expect(givenUp).toEqual(['job stalled more than allowable limit']);
  });
});
