import { hash } from 'node:crypto';
import type { HeldBack, Passage, Passed } from '../contracts/flow.js';

export const NOTHING_HELD_BACK: HeldBack = { count: 0, events: [] };

/** What tells a passage from every other; where it waits, its wait has this name too. 16 characters of base64url. */
export function passageId(batch: string, { ruleId, step, kept }: Passage): string {
  return hash('sha256', JSON.stringify([batch, ruleId, step, kept.event.id]), 'base64url').slice(0, 16);
}

/** True for the name of a wait, under which what waited goes on; false for that of a batch of events. */
export function isWait(batch: string): boolean {
  return batch.includes('|');
}

/**
 * The answer for a passage in whose way nothing can stand; undefined: a store is to be asked. What waited may have been
 * seen through by another worker, which only the store knows.
 */
export function answerAtOnce(batch: string, passage: Passage): Passed | undefined {
  if (isWait(batch)) return undefined;
  const { step, sequence, inhibitors, throttle, notBefore, group, limit, announces } = passage;
  const asks = sequence ?? throttle ?? notBefore ?? group ?? limit;
  if (asks !== undefined || inhibitors.length > 0 || announces.length > 0 || step === 'undecided')
    return undefined;
  return passage.suppressed ? { kind: 'suppressed' } : actsAlone(passage, passage.waited?.heldBack);
}

/** It acts without others: with what it waited with, where it did. */
export function actsAlone(passage: Passage, heldBack = NOTHING_HELD_BACK): Passed & { kind: 'acts' } {
  const { kept, waited } = passage;
  const follow = waited?.follow;
  return {
    kind: 'acts',
    members: waited?.members ?? [kept],
    ...(follow === undefined ? {} : { follow }),
    heldBack,
  };
}
