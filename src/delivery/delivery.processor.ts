import { Processor } from '@nestjs/bullmq';
import type { EffectOutcome } from '../contracts/effect.js';
import { Failure, permanent } from '../contracts/failure.js';
import { Metrics } from '../observability/metrics.js';
import { EffectPayload, readPayload } from '../queues/job-payloads.js';
import { ACTIONS_QUEUE } from '../queues/queue-names.js';
import { ACTIONS_WORKER } from '../queues/queue-options.js';
import { QueueProcessor, type JobContext } from '../queues/queue-processor.js';
import { Bulkhead } from './bulkhead.js';
import { Deliverer, type Delivered } from './deliverer.js';
import { EffectBook } from './effect-book.js';

/** An effect that a target keeps putting off is given up after this time and waits for a person. */
const PATIENCE_HOURS = 48;
const HOUR_MS = 3_600_000;

const CUT_OFF = 'The worker that did it stopped before it could write it down.';

/** Takes effects from the queue, has them delivered, and writes down how each attempt ended. */
@Processor(ACTIONS_QUEUE, ACTIONS_WORKER)
export class DeliveryProcessor extends QueueProcessor<EffectPayload> {
  protected override readonly payload = EffectPayload;

  constructor(
    private readonly deliverer: Deliverer,
    private readonly bulkhead: Bulkhead,
    private readonly book: EffectBook,
    private readonly metrics: Metrics,
  ) {
    super();
  }

  protected override async handle(effect: EffectPayload, context: JobContext): Promise<void> {
    const stopTimer = this.metrics.effectSeconds.startTimer({ type: effect.type });
    try {
      const delivered = await this.bulkhead.during(effect.to, () =>
        this.deliverer.deliver(effect, context.lastAttempt),
      );
      stopTimer();
      this.count(effect, delivered.outcome);
      await this.record(effect, delivered, context);
    } catch (error) {
      if (!(error instanceof Failure) && context.lastAttempt) await this.deliverer.giveUp(effect);
      // Nothing was attempted, so there is nothing to time, to count or to tell.
      if (!(error instanceof Failure) || error.postponed) throw error;
      stopTimer();
      await this.failed(effect, impatient(error, context), context);
    }
  }

  override onApplicationBootstrap(): void {
    super.onApplicationBootstrap();
    this.worker.on('failed', (job) => {
      if (job?.deferredFailure) void this.tookWorkersDown(job.data);
    });
  }

  protected override about({ ruleId, to }: EffectPayload): Readonly<Record<string, string>> {
    return { rule: ruleId, to };
  }

  /** BullMQ itself gives up a job that several workers did not survive; this is all that is heard of it. */
  private async tookWorkersDown(data: unknown): Promise<void> {
    try {
      await this.deliverer.giveUp(readPayload(EffectPayload, data));
    } catch (error) {
      this.logger.error(`An effect that was given up could not be counted: ${String(error)}`);
    }
  }

  private async failed(effect: EffectPayload, failure: Failure, context: JobContext): Promise<never> {
    const final = failure.isFinal(context.lastAttempt);
    const reason = `${failure.code}: ${failure.message}`;
    this.count(effect, final ? 'failed' : 'retried');
    // The last attempt is told as a dead letter.
    if (!final) {
      this.seldom.warn(`${effect.to} ${failure.code}`, {
        event: 'effect.attempt_failed',
        effect: effect.id,
        ...this.about(effect),
        reason,
      });
    }
    if (final) {
      await this.deliverer.giveUp(effect);
      await this.book.write({ effect, outcome: 'failed', reason });
    }
    throw failure;
  }

  private count(effect: EffectPayload, outcome: EffectOutcome | 'repeated' | 'retried'): void {
    this.metrics.effects.inc({ type: effect.type, destination: effect.to, outcome });
  }

  private async record(
    effect: EffectPayload,
    delivered: Delivered,
    { begunBefore }: JobContext,
  ): Promise<void> {
    switch (delivered.outcome) {
      case 'done':
        await this.book.write({ effect, outcome: 'done', receipt: delivered.receipt });
        break;
      case 'unknown':
        // Nobody will try again: whether it has to be done by hand is for a person to find out.
        this.logger.warn({
          event: 'effect.unknown',
          effect: effect.id,
          ...this.about(effect),
          reason: delivered.reason,
        });
        await this.book.write({ effect, outcome: 'unknown', reason: delivered.reason });
        break;
      case 'repeated':
        // The attempt that did it wrote it down, unless it was an earlier run of this job that stopped too soon.
        if (begunBefore) await this.book.write({ effect, outcome: 'done', reason: CUT_OFF });
        break;
    }
  }
}

function impatient(failure: Failure, context: JobContext): Failure {
  const waitedMs = Date.now() - context.queuedAt;
  if (failure.retry.kind !== 'at' || waitedMs < PATIENCE_HOURS * HOUR_MS) return failure;
  return permanent(failure.code, `${failure.message} Given up after ${PATIENCE_HOURS} hours.`, failure);
}
