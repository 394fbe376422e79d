import { Inject, Injectable } from '@nestjs/common';
import { CONNECTIONS } from '../config/app-config.js';
import type { RawBatch, StoredBatch, Unreadable } from '../contracts/batch.js';
import type { Connections } from '../contracts/connections.js';
import type { Effect } from '../contracts/effect.js';
import type { CanonicalEvent } from '../contracts/event.js';
import { permanent, postponed } from '../contracts/failure.js';
import { OWN, readBatch, type ReadableSource } from '../ingest/read-batch.js';
import { talliesOf } from '../journal/completeness-tallies.js';
import { Backlog } from '../queues/backlog.js';
import { BatchBodies } from '../queues/batch-bodies.js';
import { SeenEvents } from '../state/seen-events.js';

/** What was in a batch, by what is to become of it. Each event is on exactly one of the lists. */
export interface Contents {
  /** To be decided. */
  readonly fresh: readonly CanonicalEvent[];
  /** To be remembered only. */
  readonly history: readonly CanonicalEvent[];
  /** Another batch brought them before. */
  readonly duplicates: readonly CanonicalEvent[];
  readonly unreadable: readonly Unreadable[];
}

/** A worker that waits keeps its place; not for long, since it may be told to end. */
const WAIT_MS = 3_000;

/** Opens a batch that comes from the queue, and closes it when it was seen through. */
@Injectable()
export class Batches {
  constructor(
    private readonly bodies: BatchBodies,
    private readonly seen: SeenEvents,
    private readonly backlog: Backlog,
    @Inject(CONNECTIONS) private readonly connections: Connections,
  ) {}

  /**
   * Undefined when there is nothing left of it: it was seen through before, or its sender was refused. Throws a permanent
   * `Failure` when its source is configured no longer, and a postponing one while more effects wait than may: then the
   * batches wait instead, and in the end the door says so.
   */
  async open(jobId: string, stored: StoredBatch): Promise<Contents | undefined> {
    if (!(await this.backlog.roomForEffects(WAIT_MS)))
      throw postponed('backlog.effects', 'Too many effects wait to be sent.', Date.now());
    const bodies = await this.bodies.get(jobId, stored.lengths);
    if (bodies === undefined) return undefined;
    const { events, unreadable } = readBatch({ ...stored, bodies }, this.sourceOf(stored));
    const isNew = await this.seen.claim(jobId, events);
    const fresh = events.filter((_, index) => isNew[index] === true);
    const duplicates =
      fresh.length === events.length ? [] : events.filter((_, index) => isNew[index] !== true);
    return stored.mode === 'live'
      ? { fresh, history: [], duplicates, unreadable }
      : { fresh: [], history: fresh, duplicates, unreadable };
  }

  /** Last of all: a crash before this repeats the batch, a crash after it finds nothing left to do. */
  async close(
    jobId: string,
    stored: StoredBatch,
    contents: Contents,
    effects: readonly Effect[],
  ): Promise<void> {
    const seenThrough = { batch: stored, ...contents, decided: contents.fresh, effects };
    await this.bodies.finish(jobId, talliesOf(seenThrough));
  }

  /** Keeps what a batch claimed until a person has looked at it. */
  async keep(jobId: string): Promise<void> {
    await this.bodies.keepClaims(jobId);
  }

  private sourceOf({ kind, source: name }: Pick<RawBatch, 'kind' | 'source'>): ReadableSource {
    const source = kind === 'signalman' ? OWN : this.connections.sources[name];
    if (source !== undefined) return source;
    throw permanent('source.missing', `The source "${name}" is no longer in the connections file.`);
  }
}
