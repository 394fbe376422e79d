import type { INestApplicationContext } from '@nestjs/common';
import { type EffectFilter, matchesEffect } from '../../delivery/effect-filter.js';
import { EffectLedger, type PastAttempts } from '../../delivery/effect-ledger.js';
import { WaitingEffects, type WaitingEffect } from '../../queues/waiting-effects.js';

/** Of those that are tried soonest, how many are looked through. */
const LOOKED_THROUGH = 1_000;

/** An effect that failed, or was put off, and will be tried again. */
export interface Retrying extends WaitingEffect, PastAttempts {
  readonly kind: 'retrying';
}

/** The one that is tried soonest first, at most `limit`; `more` are not listed. */
export async function listRetrying(
  rooms: INestApplicationContext,
  filter: EffectFilter,
  limit: number,
): Promise<{ retrying: Retrying[]; more: number }> {
  const waiting = rooms.get(WaitingEffects, { strict: false });
  const all = await waiting.list(LOOKED_THROUGH);
  const matching = all.filter(({ effect }) => matchesEffect(effect, filter));
  const listed = matching.slice(0, limit);
  const ids = listed.map(({ effect }) => effect.id);
  const attempts = await rooms.get(EffectLedger, { strict: false }).pastAttempts(ids);
  const retrying = listed.map((each, index) => ({
    kind: 'retrying' as const,
    ...each,
    ...(attempts[index] ?? { attempts: 0 }),
  }));
  const unread = (await waiting.count()) - all.length;
  return { retrying, more: Math.max(0, matching.length - listed.length + unread) };
}
