import 'reflect-metadata';
import { getQueueToken, Processor } from '@nestjs/bullmq';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Queue } from 'bullmq';
import type { StoredBatch } from '../../../src/contracts/batch.js';
import { Failure } from '../../../src/contracts/failure.js';
import { StoredBatchPayload } from '../../../src/queues/job-payloads.js';
import { EVENTS_QUEUE } from '../../../src/queues/queue-names.js';
import { EVENTS_WORKER } from '../../../src/queues/queue-options.js';
import { QueueProcessor } from '../../../src/queues/queue-processor.js';
import { QueuesModule } from '../../../src/queues/queues.module.js';
import { RedisModule } from '../../../src/redis/redis.module.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type RedisForTest } from '../../support/redis.js';

@Processor(EVENTS_QUEUE, EVENTS_WORKER)
class RecordingProcessor extends QueueProcessor<StoredBatchPayload> {
  override readonly payload = StoredBatchPayload;
  readonly seen: StoredBatchPayload[] = [];
  act: () => void = () => undefined;

  override handle(batch: StoredBatchPayload): Promise<void> {
    this.seen.push(batch);
    this.act();
    return Promise.resolve();
  }
}

const BATCH: StoredBatch = {
  v: 1,
  source: 'io',
  kind: 'adobe',
  route: 'webhook',
  mode: 'live',
  receivedAt: '2026-05-04T10:00:00.000Z',
  lengths: [10],
};

describe('QueueProcessor', () => {
  let redis: RedisForTest;
  let module: TestingModule;
  let processor: RecordingProcessor;
  let queue: Queue;

  beforeAll(async () => {
    redis = await startRedis({ durable: false });
    module = await Test.createTestingModule({
      imports: [RedisModule.forRoot(redis.url), QueuesModule],
      providers: [RecordingProcessor],
    }).compile();
    module.useLogger(false);
    await module.init();
    processor = module.get(RecordingProcessor);
    queue = module.get(getQueueToken(EVENTS_QUEUE));
  });
  afterAll(async () => {
    await module.close();
    await redis.stop();
  });
  beforeEach(() => {
    processor.seen.length = 0;
    processor.act = () => undefined;
  });

  it('hands the payload on as it was queued', async () => {
    await queue.add('batch', BATCH, { jobId: 'b1' });
    await eventually(async () => (await queue.getJob('b1')) === undefined);
    expect(JSON.parse(JSON.stringify(processor.seen))).toEqual([BATCH]);
  });

  it('puts off the one job when a failure would hold a lane, which this queue has none of', async () => {
    processor.act = () => {
      if (processor.seen.length === 1)
        throw new Failure('later', { code: 'x.later', retry: { kind: 'lane', at: Date.now() + 100 } });
    };
    await queue.add('batch', BATCH, { jobId: 'b2' });
    await eventually(async () => (await queue.getJob('b2')) === undefined);
    expect(processor.seen).toHaveLength(2);
  });

  it('says once what is wrong with every job that was under way', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    for (const id of ['e1', 'e2', 'e3'])
      processor.worker.emit('error', new Error(`could not renew lock for job ${id}`));
    processor.worker.emit('error', new Error('Missing lock for job e1. moveToFinished'));
    const lines = warn.mock.calls.map(([line]) => line as unknown);
    warn.mockRestore();
    expect(lines).toEqual([
      'Worker of queue events: could not renew lock for job e1',
      'Worker of queue events: Missing lock for job e1. moveToFinished',
    ]);
  });
});
