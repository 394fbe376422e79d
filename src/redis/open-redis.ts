import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { AppConfig } from '../config/app-config.js';
import { withoutPassword } from '../config/without-password.js';
import { Failure, permanent } from '../contracts/failure.js';
import { EmbeddedRedis, embeddedSocket } from './embedded-redis.js';
import { checkRedisSafety } from './redis-safety.js';
import { socketFolder } from './socket-folder.js';

const REACH_MS = 30_000;
const EVERY_MS = 250;

export interface OpenRedis {
  /** For `RedisModule.forRoot`. */
  readonly address: string;
  /** Ends our own Redis; leaves one that was given alone. Call it when every connection is closed. */
  stop(): Promise<void>;
}

/**
 * The Redis that the configuration names, checked to be fit to keep events, or one of our own in the data folder.
 * Throws a `Failure` with one sentence that says what to do.
 *
 * @param share true: when an instance runs in the data folder already, use its Redis (for the command line)
 */
export async function openRedis(
  config: Pick<AppConfig, 'redisUrl' | 'dataDir' | 'sandbox'> & Partial<Pick<AppConfig, 'limits'>>,
  { share = false, reachMs = REACH_MS }: { share?: boolean; reachMs?: number } = {},
): Promise<OpenRedis> {
  const { redisUrl, dataDir, sandbox, limits } = config;
  if (redisUrl === undefined) {
    return openEmbedded(sandbox ? join(dataDir, 'sandbox') : dataDir, share, limits?.redisBytes);
  }
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  const reason = lastError(redis);
  try {
    await reach(redis, redisUrl, reachMs, reason);
    const warnings = await checkRedisSafety(redis);
    // The app tells them at its start; at the command line they would stand before every answer.
    if (!share) for (const warning of warnings) new Logger('Redis').warn(warning);
  } finally {
    redis.disconnect();
  }
  return { address: redisUrl, stop: () => Promise.resolve() };
}

async function openEmbedded(dataDir: string, share: boolean, maxBytes?: number): Promise<OpenRedis> {
  try {
    const redis = await EmbeddedRedis.start(dataDir, maxBytes);
    return { address: redis.socket, stop: () => redis.stop() };
  } catch (error) {
    const inUse = error instanceof Failure && error.code === 'redis.folder_in_use';
    if (!inUse || !share) throw error;
    return { address: embeddedSocket(socketFolder(dataDir)), stop: () => Promise.resolve() };
  }
}

/** Redis and we may be started together: it gets a moment to come up. */
async function reach(redis: Redis, url: string, withinMs: number, reason: () => string): Promise<void> {
  const end = performance.now() + withinMs;
  let told = false;
  for (;;) {
    try {
      await redis.connect();
      return;
    } catch (error) {
      if (performance.now() >= end || /WRONGPASS|NOAUTH|NOPERM/.test(reason())) {
        throw permanent(
          'redis.unreachable',
          `Redis at ${withoutPassword(url)} cannot be reached: ${reason()}. Check REDIS_URL.`,
          error,
        );
      }
      if (!told) new Logger('Redis').log(`Waiting for Redis at ${withoutPassword(url)}: ${reason()}`);
      told = true;
      await pause(EVERY_MS);
    }
  }
}

/** What `connect` rejects with says only that it failed; the reason comes as an event. */
function lastError(redis: Redis): () => string {
  let last = 'no answer';
  redis.on('error', (error: Error) => {
    last = error.message;
  });
  return () => last;
}
