import 'reflect-metadata';
import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { permanent, postponed, transient } from '../contracts/failure.js';
import type { EffectRecord } from '../journal/journal-entry.js';
import { Metrics } from '../observability/metrics.js';
import { Bulkhead } from './bulkhead.js';
import type { Deliverer } from './deliverer.js';
import { DeliveryProcessor } from './delivery.processor.js';
import type { EffectBook } from './effect-book.js';

const EFFECT = {
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
};

interface Seen {
  readonly processor: DeliveryProcessor;
  readonly written: EffectRecord[];
  readonly givenUp: string[];
}

function processorWith(deliver: () => Promise<unknown>): Seen {
  const written: EffectRecord[] = [];
  const givenUp: string[] = [];
  const deliverer = {
    deliver,
    giveUp: ({ id }: { id: string }) => {
      givenUp.push(id);
      return Promise.resolve();
    },
  };
  const book = {
    write: (record: EffectRecord) => {
      written.push(record);
      return Promise.resolve();
    },
  };
  const processor = new DeliveryProcessor(
    deliverer as unknown as Deliverer,
    new Bulkhead(),
    book as unknown as EffectBook,
    new Metrics(),
  );
  return { processor, written, givenUp };
}

const job = (attempts: number): Job =>
  ({
    id: EFFECT.id,
    data: EFFECT,
    opts: { attempts },
    attemptsMade: 0,
    moveToDelayed: () => Promise.resolve(),
  }) as unknown as Job;

it('says in the log which effect may or may not have happened', async () => {
  const reason = 'the worker stopped while it was sending';
  const { processor, written } = processorWith(() => Promise.resolve({ outcome: 'unknown', reason }));
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  await processor.process(job(1));
  const lines = warn.mock.calls.map(([line]) => line as unknown);
  warn.mockRestore();
  expect(lines).toEqual([{ event: 'effect.unknown', effect: EFFECT.id, rule: 'leads/x', to: 'ops', reason }]);
  expect(written).toMatchObject([{ outcome: 'unknown' }]);
});

it.each([
  ['refused for good', permanent('slack.channel_not_found', 'no such channel'), 13, true],
  ['refused for now', transient('http.503', 'busy'), 13, false],
  ['refused for now at the last attempt', transient('http.503', 'busy'), 1, true],
  ['put off by something of ours', postponed('effect.busy', 'busy', 1), 1, false],
  ['met by a defect', new TypeError('x is undefined'), 13, false],
  ['met by a defect at the last attempt', new TypeError('x is undefined'), 1, true],
])('counts an effect as given up when it becomes a dead letter: %s', async (_, error, attempts, dead) => {
  const quiet = ['warn', 'error'].map((level) =>
    jest.spyOn(Logger.prototype, level as 'warn').mockReturnValue(undefined),
  );
  const { processor, givenUp } = processorWith(() => Promise.reject(error));
  await expect(processor.process(job(attempts))).rejects.toThrow();
  for (const spy of quiet) spy.mockRestore();
  expect(givenUp).toEqual(dead ? [EFFECT.id] : []);
});

it('counts as given up what BullMQ gave up by itself, since it took its workers down', async () => {
  const { processor, givenUp } = processorWith(() => Promise.reject(new Error('never asked')));
  const worker = Object.assign(new EventEmitter(), {
    run: () => Promise.resolve(),
    getBackend: () => new EventEmitter(),
  });
  Object.defineProperty(processor, 'worker', { value: worker });
  processor.onApplicationBootstrap();
  worker.emit('failed', { data: EFFECT }, new Error('refused'));
  worker.emit('failed', { data: EFFECT, deferredFailure: 'job stalled more than allowable limit' });
  await new Promise(setImmediate);
  expect(givenUp).toEqual([EFFECT.id]);
});
