import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import type { Connections } from '../contracts/connections.js';
import { permanent } from '../contracts/failure.js';
import { readBatch } from '../ingest/read-batch.js';
import { ActionsQueue } from '../queues/actions-queue.js';
import { RawBatchPayload } from '../queues/job-payloads.js';
import { EVENTS_QUEUE } from '../queues/queue-names.js';
import { EVENTS_WORKER } from '../queues/queue-options.js';
import { QueueProcessor } from '../queues/queue-processor.js';
import { Judge } from './judge.js';
import { RulesBook } from './rules-book.js';

/**
 * Takes a batch from the queue and sees it through: read, decide, queue the effects, write it down. Effects are
 * queued before anything is written, and their ids make a second run of the same batch harmless.
 */
@Processor(EVENTS_QUEUE, EVENTS_WORKER)
export class RulesProcessor extends QueueProcessor<RawBatchPayload> {
  protected override readonly payload = RawBatchPayload;

  constructor(
    private readonly judge: Judge,
    private readonly actions: ActionsQueue,
    private readonly book: RulesBook,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {
    super();
  }

  protected override async handle(batch: RawBatchPayload): Promise<void> {
    const source = this.connections.sources[batch.source];
    if (source === undefined) {
      throw permanent('source.missing', `The source "${batch.source}" is no longer in the connections file.`);
    }
    const reading = readBatch(batch, source);
    const judgement = await this.judge.judge(reading.events);
    await this.actions.addAll(judgement.effects);
    await this.book.record(reading, judgement);
  }
}
