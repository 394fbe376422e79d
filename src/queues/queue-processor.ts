import { WorkerHost } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { SeldomLog } from '../observability/seldom-log.js';
import { type JobContext, type JobHandler, runJob } from './job-run.js';
import { WorkerCare } from './worker-care.js';

/**
 * A worker of one queue that Nest makes. Workers start when the whole app stands, not before, so that no job meets half
 * of it.
 */
export abstract class QueueProcessor<T extends object>
  extends WorkerHost
  implements JobHandler<T>, OnApplicationBootstrap, BeforeApplicationShutdown
{
  abstract readonly payload: new () => T;
  protected readonly logger = new Logger(this.constructor.name);
  protected readonly seldom = new SeldomLog(this.logger);
  private care: WorkerCare | undefined;

  abstract handle(payload: T, context: JobContext): Promise<void>;

  gaveUp(_context: JobContext): Promise<void> {
    return Promise.resolve();
  }

  about(_payload: T): Readonly<Record<string, string>> {
    return {};
  }

  onApplicationBootstrap(): void {
    this.care = new WorkerCare(this.worker, this.logger, this.seldom);
    this.care.start();
  }

  /** Finishes the jobs under way, before anything that they need is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.care?.close();
  }

  override async process(job: Job<unknown>, token?: string): Promise<void> {
    const { logger, seldom } = this;
    await runJob(this, { queue: this.worker.name, logger, seldom }, job, token);
  }
}
