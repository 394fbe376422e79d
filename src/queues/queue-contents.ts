import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import {
  hourOf,
  type LedgerLine,
  type QueuedDeliveries,
  type QueuedEffects,
  type QueuedWork,
} from '../contracts/completeness.js';
import type { Effect } from '../contracts/effect.js';
import { BatchBodies } from './batch-bodies.js';
import { HeldEffects } from './held-effects.js';
import { EVENTS_QUEUE } from './queue-names.js';
import { LaneContents } from './lane-contents.js';

interface Held {
  waiting: number;
  dead: number;
}

/** Counts what the queues hold, by where the ledger of completeness has it. Reads every one, so it takes its time. */
@Injectable()
export class QueueContents implements QueuedWork {
  constructor(
    private readonly bodies: BatchBodies,
    @InjectQueue(EVENTS_QUEUE) private readonly events: Queue,
    private readonly queued: LaneContents,
    private readonly held: HeldEffects,
  ) {}

  /** Of what is stored, so that a batch whose job has yet to be put back waits as well. */
  async deliveries(): Promise<QueuedDeliveries[]> {
    const dead = new Set(await this.events.getRanges(['failed'], 0, -1));
    const held = new Map<string, { source: string; hour: string } & Held>();
    for await (const page of this.bodies.stored())
      for (const [jobId, { source, receivedAt, lengths }] of page) {
        const hour = hourOf(receivedAt);
        const entry = entryOf(held, `${source}|${hour}`, { source, hour });
        entry[dead.has(jobId) ? 'dead' : 'waiting'] += lengths.length;
      }
    return [...held.values()];
  }

  async effects(): Promise<QueuedEffects[]> {
    const held = new Map<string, LedgerLine & Held>();
    for await (const page of this.queued.pages())
      for (const { effect, isDead } of page) {
        // One of another version, which is a dead letter, stands on no line.
        const { origin } = effect as Partial<Effect>;
        if (origin !== undefined) entryAt(held, origin)[isDead ? 'dead' : 'waiting'] += 1;
      }
    // The ledger counts what is held, as soon as it has heard of it.
    for await (const { origin } of this.held.unheard()) entryAt(held, origin).waiting += 1;
    return [...held.values()];
  }
}

function entryAt(
  held: Map<string, LedgerLine & Held>,
  { hour, source, stream }: LedgerLine,
): LedgerLine & Held {
  return entryOf(held, `${hour}|${source}|${stream}`, { hour, source, stream });
}

function entryOf<T extends object>(held: Map<string, T & Held>, key: string, named: T): T & Held {
  let entry = held.get(key);
  if (entry === undefined) held.set(key, (entry = { ...named, waiting: 0, dead: 0 }));
  return entry;
}
