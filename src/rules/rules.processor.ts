import { Processor } from '@nestjs/bullmq';
import { ActionsQueue } from '../queues/actions-queue.js';
import { BatchBodies } from '../queues/batch-bodies.js';
import { StoredBatchPayload } from '../queues/job-payloads.js';
import { EVENTS_QUEUE } from '../queues/queue-names.js';
import { EVENTS_WORKER } from '../queues/queue-options.js';
import { QueueProcessor, type JobContext } from '../queues/queue-processor.js';
import { Judge } from './judge.js';
import { RulesBook } from './rules-book.js';

/**
 * Takes a batch from the queue and sees it through: read, decide, queue the effects, write it down. Effects are
 * queued before anything is written, and their ids make a second run of the same batch harmless.
 */
@Processor(EVENTS_QUEUE, EVENTS_WORKER)
export class RulesProcessor extends QueueProcessor<StoredBatchPayload> {
  protected override readonly payload = StoredBatchPayload;

  constructor(
    private readonly judge: Judge,
    private readonly actions: ActionsQueue,
    private readonly bodies: BatchBodies,
    private readonly book: RulesBook,
  ) {
    super();
  }

  protected override async handle(stored: StoredBatchPayload, { jobId }: JobContext): Promise<void> {
    const bodies = await this.bodies.get(jobId, stored.lengths);
    if (bodies === undefined) {
      this.logger.warn(
        `Batch ${jobId} from ${stored.source} has no bodies: seen through before, or refused.`,
      );
      return;
    }
    const judgement = await this.judge.judge({ ...stored, bodies });
    await this.actions.addAll(judgement.effects);
    await this.book.record(judgement);
    // Last of all: a crash before this repeats the batch, a crash after it finds nothing left to do.
    await this.bodies.drop(jobId);
  }

  protected override async gaveUp({ jobId }: JobContext): Promise<void> {
    await this.bodies.keep(jobId);
  }
}
