import type { Failure } from '../../contracts/failure.js';

/** What the end of an attempt tells of its destination. */
export type LaneSign =
  /** Nothing: it was never asked. */
  | { readonly kind: 'none' }
  /** The same, and something of ours keeps all effects from it until then, epoch milliseconds. */
  | { readonly kind: 'held'; readonly until: number }
  /** It answered, whatever it said of the effect. */
  | { readonly kind: 'reached' }
  /** It failed. */
  | { readonly kind: 'down' }
  /** It asked to be left alone until then, epoch milliseconds. */
  | { readonly kind: 'asked'; readonly until: number }
  /** It asked to be left alone for good. */
  | { readonly kind: 'gone' };

/** `answered`: the destination said something in this attempt. */
export function signOf(failure: Failure, answered: boolean): LaneSign {
  const { destination, retry, postponed } = failure;
  if (postponed) return retry.kind === 'lane' ? { kind: 'held', until: retry.at } : { kind: 'none' };
  if (destination === 'gone') return { kind: 'gone' };
  if (retry.kind === 'lane') return { kind: 'asked', until: retry.at };
  if (destination === 'down')
    return retry.kind === 'at' ? { kind: 'asked', until: retry.at } : { kind: 'down' };
  return { kind: answered ? 'reached' : 'none' };
}
