import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { hourOf } from '../contracts/completeness.js';
import { runKey } from '../journal/completeness-keys.js';
import { ledgerTally } from '../journal/completeness-tallies.js';
import { Journal } from '../journal/journal.js';
import { RedisConnections } from '../redis/redis-connections.js';
import type { ImportOrder, RefusedRow } from './import-order.js';

/** The file is still there with all of them; they must not push everything else out of the quarantine. */
const KEPT_A_RUN = 1_000;

/** Rows of files that say nothing. They never come to the worker, which counts and keeps what it cannot read. */
@Injectable()
export class ImportQuarantine {
  private readonly redis: Redis;
  private kept = 0;

  constructor(
    private readonly journal: Journal,
    connections: RedisConnections,
  ) {
    this.redis = connections.forWorkers();
  }

  /** Keeps the first thousand of an import with their places, and counts all of them. */
  async add({ target: { name: source }, run }: ImportOrder, rows: readonly RefusedRow[]): Promise<void> {
    const receivedAt = new Date().toISOString();
    const some = rows.slice(0, KEPT_A_RUN - this.kept);
    this.kept += some.length;
    await this.journal.append(
      some.map((row) => ({ kind: 'unreadable', unreadable: { source, receivedAt, ...row } })),
    );
    const line = { hour: hourOf(receivedAt), source, stream: 'unread' } as const;
    const pipeline = this.redis.pipeline().hincrby(runKey(run), 'quarantined', rows.length);
    for (const count of ['import', 'quarantined'] as const) {
      const { key, field, keepSeconds } = ledgerTally(line, count, rows.length);
      pipeline.hincrby(key, field, rows.length);
      if (keepSeconds !== undefined) pipeline.expire(key, keepSeconds);
    }
    await pipeline.exec();
  }
}
