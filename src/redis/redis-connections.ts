import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';

const CLOSE_MS = 2_000;
const COMMAND_MS = 5_000;

/** A failover leaves us on a replica that refuses writes: connect anew and send the command again. */
const RECONNECT_AND_RESEND = 2 as const;

const COMMON = {
  // A socket that does not close in time is cut.
  disconnectTimeout: 500,
  retryStrategy: (attempt: number) => Math.min(50 * attempt, 1_000),
  reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? RECONNECT_AND_RESEND : false),
};

interface Patience {
  readonly maxRetriesPerRequest: number | null;
  readonly enableOfflineQueue?: boolean;
  readonly commandTimeout?: number;
}

/** Makes every connection to Redis, so that one place knows the options and closes them all. */
export class RedisConnections {
  private readonly logger = new Logger('Redis');
  private readonly made: Redis[] = [];
  /** Those that have lost Redis: one line an outage is written, not one a connection and try. */
  private readonly away = new Set<Redis>();

  /** `address`: `redis://…`, `rediss://…` (TLS) or the absolute path of a Unix socket. */
  constructor(readonly address: string) {}

  /** Waits through an outage: for workers, which have nobody waiting for an answer. */
  forWorkers(): Redis {
    return this.make({ maxRetriesPerRequest: null });
  }

  /** Fails at once while Redis is away and within 5 s when it is slow: somebody waits for the answer. */
  forRequests(): Redis {
    return this.make({ maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: COMMAND_MS });
  }

  /** Never takes longer than 2 s, whatever state Redis is in. */
  async close(): Promise<void> {
    await Promise.all(this.made.splice(0).map(close));
  }

  private make(patience: Patience): Redis {
    const redis = new Redis(this.address, { ...COMMON, ...patience });
    redis.on('error', (error: Error) => {
      if (this.away.size === 0)
        this.logger.warn(`Redis cannot be reached: ${error.message || String(error)}`);
      this.away.add(redis);
    });
    redis.on('ready', () => {
      if (this.away.delete(redis) && this.away.size === 0) this.logger.log('Redis is back.');
    });
    this.made.push(redis);
    return redis;
  }
}

async function close(redis: Redis): Promise<void> {
  if (redis.status === 'ready') {
    const ended = new Promise((resolve) => redis.once('end', resolve));
    redis.quit().catch(() => undefined);
    await Promise.race([ended, pause(CLOSE_MS, undefined, { ref: false })]);
  }
  redis.disconnect();
}
