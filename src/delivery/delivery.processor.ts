import { Injectable, Logger } from '@nestjs/common';
import type { EffectOutcome } from '../contracts/effect.js';
import { Failure, permanent } from '../contracts/failure.js';
import { Metrics } from '../observability/metrics.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { EffectPayload, readPayload } from '../queues/job-payloads.js';
import type { JobContext, JobHandler } from '../queues/job-run.js';
import { Deliverer } from './deliverer.js';

/** An effect that its target puts off again and again, for so long in all, is given up and waits for a person. */
const PATIENCE_HOURS = 72;
const HOUR_MS = 3_600_000;

/** Has an effect delivered, and says how the attempt ended: in the metrics, in the log, to its lane. */
@Injectable()
export class DeliveryProcessor implements JobHandler<EffectPayload> {
  readonly payload = EffectPayload;
  private readonly logger = new Logger(DeliveryProcessor.name);
  private readonly seldom = new SeldomLog(this.logger);

  constructor(
    private readonly deliverer: Deliverer,
    private readonly metrics: Metrics,
  ) {}

  async handle(effect: EffectPayload, context: JobContext): Promise<void> {
    const stopTimer = this.metrics.effectSeconds.startTimer({ type: effect.type });
    try {
      const delivered = await this.deliverer.deliver(effect, context.lastAttempt);
      stopTimer();
      this.count(effect, delivered.outcome);
      if (delivered.outcome === 'unknown') this.tellUnknown(effect, delivered.reason);
    } catch (error) {
      if (!(error instanceof Failure) && context.lastAttempt)
        await this.deliverer.giveUp(effect, String(error));
      // Nothing was attempted, so there is nothing to time, to count or to tell.
      if (!(error instanceof Failure) || error.postponed) throw error;
      stopTimer();
      await this.failed(effect, afterPatience(error, context), context);
    }
  }

  /** The effect is given up where it fails, which knows why. */
  gaveUp(): Promise<void> {
    return Promise.resolve();
  }

  about({ ruleId, to }: EffectPayload): Readonly<Record<string, string>> {
    return { rule: ruleId, to };
  }

  /** BullMQ itself gives up a job that several workers did not survive; this is all that is heard of it. */
  async tookWorkersDown(data: unknown, reason: string): Promise<void> {
    try {
      await this.deliverer.giveUp(readPayload(EffectPayload, data), reason);
    } catch (error) {
      this.logger.error(`An effect that was given up could not be counted: ${String(error)}`);
    }
  }

  private async failed(effect: EffectPayload, failure: Failure, context: JobContext): Promise<never> {
    const final = failure.isFinal(context.lastAttempt);
    const reason = `${failure.code}: ${failure.message}`;
    this.count(effect, final ? 'failed' : 'retried');
    // The last attempt is told as a dead letter.
    if (final) await this.deliverer.giveUp(effect, reason);
    else
      this.seldom.warn(`${effect.to} ${failure.code}`, {
        event: 'effect.attempt_failed',
        effect: effect.id,
        ...this.about(effect),
        reason,
      });
    throw failure;
  }

  private count(effect: EffectPayload, outcome: EffectOutcome | 'repeated' | 'retried'): void {
    this.metrics.effects.inc({ type: effect.type, destination: effect.to, outcome });
  }

  /** Nobody will try again: whether it has to be done by hand is for a person to find out. */
  private tellUnknown(effect: EffectPayload, reason: string): void {
    this.logger.warn({ event: 'effect.unknown', effect: effect.id, ...this.about(effect), reason });
  }
}

/** The same failure, or a final one when it was tried or put off as often or as long as it deserves. */
function afterPatience(failure: Failure, { attempt, putOffMs }: JobContext): Failure {
  const { retry, code, message, tries = Infinity } = failure;
  if (retry.kind === 'backoff' && attempt >= tries)
    return permanent(code, `${message} Given up after ${attempt} attempts.`, failure);
  if (retry.kind === 'at' && putOffMs >= PATIENCE_HOURS * HOUR_MS)
    return permanent(code, `${message} Given up after ${PATIENCE_HOURS} hours.`, failure);
  return failure;
}
