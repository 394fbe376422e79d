import { Processor } from '@nestjs/bullmq';
import { BatchClosed } from '../contracts/memory.js';
import { StoredBatchPayload } from '../queues/job-payloads.js';
import type { JobContext } from '../queues/job-run.js';
import { EVENTS_QUEUE } from '../queues/queue-names.js';
import { EVENTS_WORKER } from '../queues/queue-options.js';
import { QueueProcessor } from '../queues/queue-processor.js';
import { Batches } from './batches.js';
import { allEffects, Consequences } from './consequences.js';
import { Judge } from './judge.js';
import { RulesBook } from './rules-book.js';

/**
 * Takes a batch from the queue and sees it through: open, decide, queue the effects, write it down, close. Effects are
 * queued before anything is written, and their ids make a second run of the same batch harmless.
 */
@Processor(EVENTS_QUEUE, EVENTS_WORKER)
export class RulesProcessor extends QueueProcessor<StoredBatchPayload> {
  override readonly payload = StoredBatchPayload;

  constructor(
    private readonly batches: Batches,
    private readonly judge: Judge,
    private readonly consequences: Consequences,
    private readonly book: RulesBook,
  ) {
    super();
  }

  override async handle(stored: StoredBatchPayload, { jobId }: JobContext): Promise<void> {
    const contents = await this.batches.open(jobId, stored);
    if (contents === undefined) {
      this.logger.warn(
        `Batch ${jobId} from ${stored.source} has no bodies: seen through before, or refused.`,
      );
      return;
    }
    try {
      await this.judge.remember(jobId, contents.history);
      const judgement = await this.judge.judge(jobId, contents.fresh);
      await this.consequences.see(judgement);
      await this.book.record(contents, judgement);
      await this.batches.close(jobId, stored, contents, allEffects(judgement));
    } catch (error) {
      if (!(error instanceof BatchClosed)) throw error;
      this.logger.warn(error.message);
    }
  }

  override async gaveUp({ jobId }: JobContext): Promise<void> {
    await this.batches.keep(jobId);
  }
}
