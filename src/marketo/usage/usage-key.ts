import { instanceKey } from '../../contracts/munchkin-id.js';
import { QUEUE_PREFIX } from '../../redis/keys.js';

/**
 * Hash of what is known of the usage of an instance: the `day`, by the midnight with which it ends, in epoch
 * milliseconds; how many calls were `used` of it; the `figures` as JSON; what was `told` of them as JSON.
 */
export function usageKey(munchkinId: string): string {
  return `${QUEUE_PREFIX}:usage:${instanceKey(munchkinId)}`;
}
