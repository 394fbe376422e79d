import type { Redis } from 'ioredis';
import { permanent } from '../contracts/failure.js';
import { infoField } from './info-field.js';

const NO_LIMIT =
  'Redis has no maxmemory: when its machine runs out of memory it is killed, instead of refusing what it cannot take. Set maxmemory to about half of the memory of its machine.';

/**
 * Throws a `Failure` when this Redis may throw keys away, which would lose events without a trace.
 *
 * @returns warnings about its limits and its durability, each one sentence
 */
export async function checkRedisSafety(redis: Redis): Promise<readonly string[]> {
  // INFO says it also where a managed Redis forbids CONFIG.
  const memory = await redis.info('memory');
  const policy = infoField(memory, 'maxmemory_policy');
  if (policy !== 'noeviction') {
    throw permanent(
      'redis.eviction',
      `Redis has maxmemory-policy ${policy ?? 'unknown'} and may throw events away: set it to noeviction ` +
        '(`redis-cli config set maxmemory-policy noeviction`, and in redis.conf or the console of a managed Redis).',
    );
  }
  const warnings = infoField(memory, 'maxmemory') === '0' ? [NO_LIMIT] : [];
  return [...warnings, ...(await durabilityWarnings(redis))];
}

async function durabilityWarnings(redis: Redis): Promise<readonly string[]> {
  if (infoField(await redis.info('persistence'), 'aof_enabled') !== '1') {
    return [
      'Redis has no append-only file: a crash of Redis loses events that senders were told are safe. Set appendonly yes.',
    ];
  }
  const sync = await appendFsync(redis);
  if (sync === 'always') return [];
  return [
    `Redis has appendfsync ${sync}: a crash of its machine loses the last moments of events. Set appendfsync always.`,
  ];
}

async function appendFsync(redis: Redis): Promise<string> {
  try {
    const [, value] = (await redis.config('GET', 'appendfsync')) as [string?, string?];
    return value ?? 'unknown';
  } catch {
    return 'unknown (CONFIG is forbidden here)';
  }
}
