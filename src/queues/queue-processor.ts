import { WorkerHost } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DelayedError, UnrecoverableError, type Job } from 'bullmq';
import { Failure } from '../contracts/failure.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { knownTrouble, redisTrouble } from '../redis/redis-trouble.js';
import { readPayload } from './job-payloads.js';

/** What a handler may know of the job that brought its payload. */
export interface JobContext {
  readonly jobId: string;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
  /** True when a failure now makes the job a dead letter. */
  readonly lastAttempt: boolean;
  /** True when a worker had the job before, and may have stopped anywhere in it. */
  readonly begunBefore: boolean;
}

/**
 * A worker of one queue: reads the payload, hands it on, and is the one place where a `Failure` becomes what BullMQ
 * understands. Workers start when the whole app stands, not before, so that no job meets half of it.
 */
export abstract class QueueProcessor<T extends object>
  extends WorkerHost
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  protected readonly logger = new Logger(this.constructor.name);
  /** For what a destination or Redis can cause ten thousand times: metrics count, the log tells. */
  protected readonly seldom = new SeldomLog(this.logger);
  private redisIsAway = false;

  protected abstract readonly payload: new () => T;
  protected abstract handle(payload: T, context: JobContext): Promise<void>;

  /** The job is about to become a dead letter. */
  protected gaveUp(_context: JobContext): Promise<void> {
    return Promise.resolve();
  }

  onApplicationBootstrap(): void {
    this.worker.on('ioredis:close', () => {
      this.redisIsAway = true;
    });
    // The worker itself says this only once, at its start.
    this.worker.getBackend().on('ready', () => {
      this.redisIsAway = false;
    });
    this.worker.on('error', (error) => {
      // One line an outage is enough, and the connections write it.
      const reason = redisTrouble(error);
      const line = `Worker of queue ${this.worker.name}: ${reason}`;
      // After an outage it has one for every job that was under way, and they differ in its id alone.
      if (!this.redisIsAway) this.seldom.warn(reason.replace(/\bjob \S+/, 'job'), line);
    });
    this.worker.run().catch((error: unknown) => {
      this.logger.error(`Worker of queue ${this.worker.name} ended: ${String(error)}`);
    });
  }

  /** Finishes the jobs under way, before anything that they need is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    // Without Redis nothing under way can be finished, and BullMQ would wait for ever to say goodbye to it.
    await this.worker.close(this.redisIsAway);
  }

  /** What the log says of a job beside its id. */
  protected about(_payload: T): Readonly<Record<string, string>> {
    return {};
  }

  override async process(job: Job<unknown>, token?: string): Promise<void> {
    const context = {
      jobId: job.id ?? '',
      queuedAt: job.timestamp,
      lastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
      begunBefore: job.attemptsStarted > 1,
    };
    let about = {};
    try {
      const payload = readPayload(this.payload, job.data);
      about = this.about(payload);
      await this.handle(payload, context);
    } catch (error) {
      if (isFinal(error, context)) {
        this.tellDead(context.jobId, about, error);
        await this.gaveUp(context);
      }
      await this.fail(job, error, token);
    }
  }

  /** Nothing more happens to a dead letter by itself, so the line says what a person can do. */
  private tellDead(job: string, about: object, error: unknown): void {
    this.logger.error({
      event: 'job.dead',
      queue: this.worker.name,
      job,
      ...about,
      reason: reasonOf(error),
      next: `Mend the cause, then run: signalman dead replay ${job}`,
    });
  }

  private async fail(job: Job<unknown>, error: unknown, token?: string): Promise<never> {
    if (!(error instanceof Failure)) {
      const line = `Job ${job.id ?? ''} of ${this.worker.name}: ${describe(error)}`;
      this.seldom.error(knownTrouble(error) ?? reasonOf(error), line);
      throw error;
    }
    switch (error.retry.kind) {
      case 'never':
        throw new UnrecoverableError(reasonOf(error));
      case 'at':
        await job.moveToDelayed(error.retry.at, token);
        throw new DelayedError();
      case 'lane':
      case 'backoff':
        throw error;
    }
  }
}

function isFinal(error: unknown, { lastAttempt }: JobContext): boolean {
  return error instanceof Failure ? error.isFinal(lastAttempt) : lastAttempt;
}

function reasonOf(error: unknown): string {
  return error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
}

function describe(error: unknown): string {
  return knownTrouble(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}
