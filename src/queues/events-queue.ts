import { randomUUID } from 'node:crypto';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { RawBatch } from '../contracts/batch.js';
import { EVENTS_QUEUE } from './queue-names.js';

@Injectable()
export class EventsQueue {
  constructor(@InjectQueue(EVENTS_QUEUE) private readonly queue: Queue) {}

  /** Resolves when Redis has the batch; rejects when it could not be stored. */
  async add(batch: RawBatch): Promise<void> {
    await this.queue.add('batch', batch, { jobId: `b${randomUUID()}` });
  }
}
