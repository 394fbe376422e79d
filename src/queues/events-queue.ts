import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import type { RawBatch, StoredBatch } from '../contracts/batch.js';
import { acceptedTally } from '../journal/completeness-tallies.js';
import { QUEUE_PREFIX } from '../redis/keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { BatchBodies } from './batch-bodies.js';
import { EVENTS_QUEUE } from './queue-names.js';
import { EVENTS_OPTIONS } from './queue-options.js';

/**
 * The door's end of the events queue. It has a connection of its own that fails at once while Redis is away: a sender
 * waits for the answer, and batches that nobody could be promised must not pile up in memory.
 */
@Injectable()
export class EventsQueue implements OnApplicationShutdown {
  private readonly queue: Queue;
  private readonly bodies: BatchBodies;

  constructor(connections: RedisConnections) {
    const connection = connections.forRequests();
    this.bodies = new BatchBodies(connection);
    this.queue = new Queue(EVENTS_QUEUE, { ...EVENTS_OPTIONS, connection, prefix: QUEUE_PREFIX });
    // Every failed add is answered for itself; an unheard 'error' would end the process.
    this.queue.on('error', () => undefined);
  }

  /** Resolves when Redis has the batch; rejects when it could not be stored, or when that is not known. */
  async add({ bodies, ...batch }: RawBatch): Promise<void> {
    const jobId = `b${randomUUID()}`;
    const lengths = bodies.map(({ length }) => length);
    const stored: StoredBatch = { v: 1, ...batch, lengths };
    const accepted = acceptedTally(batch.source, batch.receivedAt, bodies.length);
    // Sent in this order over one connection: no worker sees the job before its bodies are there.
    await Promise.all([
      this.bodies.put(jobId, stored, bodies, accepted),
      this.queue.add('batch', stored, { jobId }),
    ]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close().catch(() => undefined);
  }
}
