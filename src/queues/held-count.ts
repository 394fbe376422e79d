import type { Redis } from 'ioredis';
import type { Holding } from '../contracts/flow.js';
import { heldKey, HOLDINGS_KEY } from '../redis/keys.js';

/** How many effects of all rules that are held wait for a person. Two round trips. */
export async function heldCount(redis: Redis): Promise<number> {
  const holdings = (await redis.hvals(HOLDINGS_KEY)).map((text) => JSON.parse(text) as Holding);
  const counts = await Promise.all(holdings.map(({ id }) => redis.hlen(heldKey(id))));
  return counts.reduce((sum, count) => sum + count, 0);
}
