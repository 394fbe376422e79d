import { Redis } from 'ioredis';
import { permanent } from '../contracts/failure.js';
import { PURPOSE_KEY } from './keys.js';

const WORDS = { sandbox: 'the sandbox', live: 'real connections' } as const;

/**
 * Marks whose Redis this is, at its first use. What waits in it was meant for the destinations of that time: effects
 * for real people must not end in the sandbox as done, nor those of a trial run reach real people.
 * Throws a `Failure` when it belongs to the other.
 *
 * @param address a Redis URL or the path of a Unix socket
 */
export async function claimFor(address: string, purpose: keyof typeof WORDS): Promise<void> {
  const redis = new Redis(address, { lazyConnect: true });
  redis.on('error', () => undefined);
  try {
    await redis.set(PURPOSE_KEY, purpose, 'NX');
    const owner = await redis.get(PURPOSE_KEY);
    if (owner === purpose) return;
    const [ours, theirs] = purpose === 'sandbox' ? [WORDS.sandbox, WORDS.live] : [WORDS.live, WORDS.sandbox];
    throw permanent(
      'redis.purpose',
      `This Redis holds what was meant for ${theirs}, and now there would be ${ours}: give each a Redis of its own.`,
    );
  } finally {
    redis.disconnect();
  }
}
