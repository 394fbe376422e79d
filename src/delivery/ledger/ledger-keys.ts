import { hashOf } from '../../contracts/hash-of.js';
import { QUEUE_PREFIX } from '../../redis/keys.js';

/** How the key of each effect begins: a hash, of which `texts-script.ts` tells. */
export const EFFECT_PREFIX = `${QUEUE_PREFIX}:effect:`;

/** Sorted set of the effects whose texts are there, by when they changed last, epoch milliseconds. */
export const INDEX_KEY = `${QUEUE_PREFIX}:effects`;

/** Those of them whose texts may go to make room, by the same. What waits for a person is not among them. */
const FADING_KEY = `${QUEUE_PREFIX}:effects:fading`;

/** Hash of how many bytes the texts of each of those that may go take, and of all of these together as `total`. */
const BYTES_KEY = `${QUEUE_PREFIX}:effects:bytes`;

export function effectKey(effectId: string): string {
  return `${EFFECT_PREFIX}${effectId}`;
}

/** State of one pace of a part of a destination (`gate/pace-script.ts`). */
export function paceKey(destination: string, key: string): string {
  return `${QUEUE_PREFIX}:pace:${destination}:${hashOf(key, 22)}`;
}

/** Those that every script of the ledger has first. */
export function ledgerKeys(effectId: string): string[] {
  return [effectKey(effectId), INDEX_KEY, FADING_KEY, BYTES_KEY];
}
