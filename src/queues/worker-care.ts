import type { Logger } from '@nestjs/common';
import type { Worker } from 'bullmq';
import type { SeldomLog } from '../observability/seldom-log.js';
import { redisTrouble } from '../redis/redis-trouble.js';

/** Runs one worker of BullMQ, says in the log what ails it, and ends it also while Redis is away. */
export class WorkerCare {
  private redisIsAway = false;

  constructor(
    private readonly worker: Worker,
    private readonly logger: Logger,
    private readonly seldom: SeldomLog,
  ) {}

  start(): void {
    const { worker, logger } = this;
    worker.on('ioredis:close', () => {
      this.redisIsAway = true;
    });
    // The worker itself says this only once, at its start.
    worker.getBackend().on('ready', () => {
      this.redisIsAway = false;
    });
    worker.on('error', (error) => {
      // One line an outage is enough, and the connections write it.
      const reason = redisTrouble(error);
      const line = `Worker of queue ${worker.name}: ${reason}`;
      // After an outage it has one for every job that was under way, and they differ in its id alone.
      if (!this.redisIsAway) this.seldom.warn(reason.replace(/\bjob \S+/, 'job'), line);
    });
    worker.run().catch((error: unknown) => {
      logger.error(`Worker of queue ${worker.name} ended: ${String(error)}`);
    });
  }

  /** Finishes the jobs under way. */
  async close(): Promise<void> {
    // Without Redis nothing under way can be finished, and BullMQ would wait for ever to say goodbye to it.
    await this.worker.close(this.redisIsAway);
  }
}
