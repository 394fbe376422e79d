import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { EPOCH_KEY, PURPOSE_KEY } from './keys.js';
import { RedisConnections } from './redis-connections.js';

const EVERY_MS = 1_000;

/**
 * Notices when Redis comes back with other data than it had: restarted without its file, flushed, failed over to an empty
 * replica. An id lies in Redis that is made once; whoever finds another one, or none, knows that everything else is gone
 * too. A Redis that is put back to an older state of the same data has the same id, and is not noticed.
 */
@Injectable()
export class RedisEpoch implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly redis: Redis;
  private readonly ending = new AbortController();
  private readonly listeners: (() => void | Promise<void>)[] = [];
  private known: string | undefined;
  private purpose: string | null = null;

  constructor(connections: RedisConnections) {
    this.redis = connections.forRequests();
  }

  /**
   * `listener` is called each time that Redis turns out to have lost what it held, when it answers again: what must be
   * there is to be written anew. The queues, scripts and the mark of its purpose need nobody's help.
   */
  onLoss(listener: () => void | Promise<void>): void {
    this.listeners.push(listener);
  }

  /** Resolves when it knows what there is to lose; does not wait for a Redis that is away. */
  async onModuleInit(): Promise<void> {
    if (this.redis.status !== 'ready') await once(this.redis, 'ready').catch(() => undefined);
    await this.look().catch(() => undefined);
    void this.keepLooking();
  }

  onApplicationShutdown(): void {
    this.ending.abort();
  }

  private async keepLooking(): Promise<void> {
    try {
      for (;;) {
        await pause(EVERY_MS, undefined, { signal: this.ending.signal, ref: false });
        await this.look().catch(() => undefined);
      }
    } catch {
      // The app ends.
    }
  }

  /** Rejects while Redis is away. */
  private async look(): Promise<void> {
    const found = await this.redis.get(EPOCH_KEY);
    if (found !== null && found === this.known) return;
    const epoch = found ?? (await this.begin());
    const before = this.known;
    if (this.purpose !== null) await this.redis.set(PURPOSE_KEY, this.purpose, 'NX');
    this.purpose = await this.redis.get(PURPOSE_KEY);
    this.known = epoch;
    if (before !== undefined) await this.tell();
  }

  /** Of several processes one is first, and all go on with its id. */
  private async begin(): Promise<string | undefined> {
    await this.redis.set(EPOCH_KEY, `${new Date().toISOString()} ${randomUUID()}`, 'NX');
    return (await this.redis.get(EPOCH_KEY)) ?? undefined;
  }

  private async tell(): Promise<void> {
    this.logger.error(
      'Redis has lost everything it held: batches and effects that waited are gone, and so is what was remembered of ' +
        'earlier ones. What senders still have and what Adobe’s journal still holds can be had again: catch up from before the loss.',
    );
    for (const listener of this.listeners) {
      try {
        await listener();
      } catch (error) {
        this.logger.error(`After the loss of what Redis held: ${String(error)}`);
      }
    }
  }
}

/**
 * When what Redis holds began: at its first use, or after it had lost everything.
 *
 * @param epoch what lies at `EPOCH_KEY`
 * @returns epoch milliseconds, undefined when nobody knows
 */
export function beginningOf(epoch: string | null): number | undefined {
  const at = Date.parse(epoch?.split(' ')[0] ?? '');
  return Number.isNaN(at) ? undefined : at;
}
