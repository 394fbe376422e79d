import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import type { RawBatch } from '../contracts/batch.js';
import { QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { EVENTS_QUEUE } from './queue-names.js';
import { EVENTS_OPTIONS } from './queue-options.js';

/**
 * The door's end of the events queue. It has a connection of its own that fails at once while Redis is away: a sender
 * waits for the answer, and batches that nobody could be promised must not pile up in memory.
 */
@Injectable()
export class EventsQueue implements OnApplicationShutdown {
  private readonly queue: Queue;

  constructor(connections: RedisConnections) {
    this.queue = new Queue(EVENTS_QUEUE, {
      ...EVENTS_OPTIONS,
      connection: connections.forRequests(),
      prefix: QUEUE_PREFIX,
    });
    // Every failed add is answered for itself; an unheard 'error' would end the process.
    this.queue.on('error', () => undefined);
  }

  /** Resolves when Redis has the batch; rejects when it could not be stored, or when that is not known. */
  async add(batch: RawBatch): Promise<void> {
    await this.queue.add('batch', batch, { jobId: `b${randomUUID()}` });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close().catch(() => undefined);
  }
}
