import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import type { StoredBatch } from '../contracts/batch.js';
import {
  hourOf,
  type LedgerLine,
  type QueuedDeliveries,
  type QueuedEffects,
  type QueuedWork,
} from '../contracts/completeness.js';
import type { Effect } from '../contracts/effect.js';
import { ACTIONS_QUEUE, EVENTS_QUEUE } from './queue-names.js';

const AT_ONCE = 1_000;

interface Held {
  waiting: number;
  dead: number;
}

/** Counts what the queues hold, by where the ledger of completeness has it. Reads every job, so it takes its time. */
@Injectable()
export class QueueContents implements QueuedWork {
  constructor(
    @InjectQueue(EVENTS_QUEUE) private readonly events: Queue,
    @InjectQueue(ACTIONS_QUEUE) private readonly actions: Queue,
  ) {}

  async deliveries(): Promise<QueuedDeliveries[]> {
    const held = new Map<string, { source: string; hour: string } & Held>();
    await this.each(this.events, (data, state) => {
      const { source, receivedAt, lengths } = data as StoredBatch;
      const hour = hourOf(receivedAt);
      const entry = entryOf(held, `${source}|${hour}`, { source, hour });
      entry[state] += lengths.length;
    });
    return [...held.values()];
  }

  async effects(): Promise<QueuedEffects[]> {
    const held = new Map<string, LedgerLine & Held>();
    await this.each(this.actions, (data, state) => {
      const { hour, source, stream } = (data as Effect).origin;
      entryOf(held, `${hour}|${source}|${stream}`, { hour, source, stream })[state] += 1;
    });
    return [...held.values()];
  }

  /** The ids of all states are read in one step, so that no job is missed that moves on meanwhile. */
  private async each(queue: Queue, use: (data: unknown, state: keyof Held) => void): Promise<void> {
    const ids = await queue.getRanges(['waiting', 'active', 'delayed', 'prioritized', 'failed'], 0, -1);
    const dead = new Set(await queue.getRanges(['failed'], 0, -1));
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids
        .slice(from, from + AT_ONCE)
        .map(async (id) => (await queue.getJob(id)) as Job | undefined);
      for (const job of await Promise.all(some))
        // One that has gone since was seen through.
        if (job !== undefined) use(job.data, dead.has(job.id ?? '') ? 'dead' : 'waiting');
    }
  }
}

function entryOf<T extends object>(held: Map<string, T & Held>, key: string, named: T): T & Held {
  let entry = held.get(key);
  if (entry === undefined) held.set(key, (entry = { ...named, waiting: 0, dead: 0 }));
  return entry;
}
