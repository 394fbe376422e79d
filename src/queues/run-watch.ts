import { setTimeout as pause } from 'node:timers/promises';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { runKey } from '../journal/completeness-keys.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { EVENTS_QUEUE } from './queue-names.js';

const EVERY_MS = 250;
/** When nothing happens for so long, something other than time is missing. */
const PATIENCE_MS = 60_000;

/** What the workers made of a run so far. */
export interface RunCounts {
  readonly batches: number;
  readonly new: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

/** `stuck`: nothing happened for a minute. */
export type RunEnd = 'done' | 'no-worker' | 'stuck';

/** Follows what workers do with the batches of one run: an import, or a catch-up. */
@Injectable()
export class RunWatch {
  private readonly redis: Redis;

  constructor(
    connections: RedisConnections,
    @InjectQueue(EVENTS_QUEUE) private readonly queue: Queue,
  ) {
    this.redis = connections.forWorkers();
  }

  async counts(run: string): Promise<RunCounts> {
    const fields = await this.redis.hgetall(runKey(run));
    const count = (name: keyof RunCounts): number => Number(fields[name] ?? 0);
    return {
      batches: count('batches'),
      new: count('new'),
      duplicates: count('duplicates'),
      quarantined: count('quarantined'),
    };
  }

  /** Resolves when that many batches were seen through, or when it is not to be expected that they will be soon. */
  async untilSeen(
    run: string,
    batches: number,
    onProgress: (counts: RunCounts) => void,
    signal?: AbortSignal,
  ): Promise<RunEnd> {
    let last = -1;
    let since = performance.now();
    for (;;) {
      const counts = await this.counts(run);
      onProgress(counts);
      if (counts.batches >= batches) return 'done';
      if ((await this.queue.getWorkersCount()) === 0) return 'no-worker';
      if (counts.batches !== last) since = performance.now();
      else if (performance.now() - since > PATIENCE_MS) return 'stuck';
      last = counts.batches;
      await pause(EVERY_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}
