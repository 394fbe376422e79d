import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DoorKind, RawBatch } from '../../contracts/batch.js';
import { type Clock, systemClock } from '../../contracts/clock.js';
import { Metrics } from '../../observability/metrics.js';
import { SeldomLog } from '../../observability/seldom-log.js';
import { Backlog } from '../../queues/backlog.js';
import type { Refusal } from '../../queues/backlog-limits.js';
import { redisTrouble } from '../../redis/redis-trouble.js';
import { unavailable } from './door-error.js';
import { Group } from './group.js';

/** Where batches become durable: resolves when Redis has the batch, rejects when it could not be stored. */
export interface BatchStore {
  add(batch: RawBatch): Promise<void>;
}
export const BATCH_STORE = Symbol('BatchStore');

/** Adobe gives an attempt 10 s, connection set-up included. */
const WAIT_MS = 5_000;
/** Bodies up to this size wait for each other. */
const SMALL_BODY = 16 * 1024;
/** Bytes that were taken and are not yet stored, of all requests together. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

const TOO_MUCH_AT_ONCE: Refusal = {
  reason: `More than ${MAX_WAITING_BYTES} bytes are on their way to Redis.`,
  retryAfterS: 5,
};

/** One source's small bodies: `open` gathers those that come while a write is under way. */
interface Lane {
  readonly source: string;
  readonly kind: DoorKind;
  writing: number;
  open: Group | undefined;
}

/**
 * Stores bodies, with one write for all the small ones that arrive while an earlier write is under way. So under light
 * load nothing waits, and under heavy load many requests share one job and one fsync.
 */
@Injectable()
export class BatchWriter {
  private readonly log = new SeldomLog(new Logger('Door'));
  private readonly clock: Clock = systemClock;
  private readonly lanes = new Map<string, Lane>();
  private waitingBytes = 0;

  constructor(
    @Inject(BATCH_STORE) private readonly store: BatchStore,
    @Inject(Backlog) private readonly backlog: Pick<Backlog, 'refusal' | 'note'>,
    @Inject(Metrics) private readonly metrics: Pick<Metrics, 'refusals'>,
  ) {}

  /**
   * Resolves when the body is durable. Throws 503 when too much waits already, and when it could not be stored, or not
   * in time.
   */
  async write(source: string, kind: DoorKind, bytes: Buffer): Promise<void> {
    const refusal = this.refusal(bytes.length);
    if (refusal !== undefined) {
      this.log.error('overloaded', `Refusing deliveries: ${refusal.reason}`);
      this.metrics.refusals.inc({ source });
      throw unavailable('overloaded', 'Too much is waiting; send it again later.', refusal.retryAfterS);
    }
    this.waitingBytes += bytes.length;
    const group = this.join(this.lane(source, kind), bytes);
    try {
      await group.stored;
    } catch (error) {
      this.log.error('not_stored', `Deliveries cannot be stored: ${redisTrouble(error)}`);
      throw unavailable('not_stored', 'The delivery could not be stored now; send it again.');
    }
  }

  private refusal(bytes: number): Refusal | undefined {
    const waiting = this.waitingBytes + bytes;
    if (waiting > MAX_WAITING_BYTES) return TOO_MUCH_AT_ONCE;
    return this.backlog.refusal(waiting);
  }

  private join(lane: Lane, bytes: Buffer): Group {
    const small = bytes.length <= SMALL_BODY;
    const group = (small ? lane.open : undefined) ?? new Group(this.clock.now(), WAIT_MS);
    group.add(bytes);
    if (!small) this.send(lane, group);
    else {
      lane.open = group;
      if (lane.writing === 0 || group.isFull) this.sendOpen(lane);
    }
    return group;
  }

  private sendOpen(lane: Lane): void {
    const group = lane.open;
    if (group === undefined) return;
    lane.open = undefined;
    lane.writing += 1;
    const next = (): void => {
      lane.writing -= 1;
      if (lane.writing === 0) this.sendOpen(lane);
    };
    this.send(lane, group);
    group.stored.then(next, next);
  }

  private send({ source, kind }: Lane, group: Group): void {
    const { receivedAt, bodies } = group;
    const write = this.store.add({ source, kind, route: 'webhook', mode: 'live', receivedAt, bodies });
    // A write that timed out still holds its bytes until it ends.
    const done = (): void => {
      this.waitingBytes -= group.bytes;
    };
    write.then(() => {
      done();
      this.backlog.note(group.bytes);
    }, done);
    group.settleWith(write);
  }

  /** Only known sources come here, so the map stays small. */
  private lane(source: string, kind: DoorKind): Lane {
    let lane = this.lanes.get(source);
    if (lane === undefined) this.lanes.set(source, (lane = { source, kind, writing: 0, open: undefined }));
    return lane;
  }
}
