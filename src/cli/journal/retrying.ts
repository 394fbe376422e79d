import type { INestApplicationContext } from '@nestjs/common';
import { EffectLedger, type PastAttempts } from '../../delivery/effect-ledger.js';
import { WaitingEffects, type WaitingEffect } from '../../queues/waiting-effects.js';

/** An effect that failed, or was put off, and will be tried again. */
export interface Retrying extends WaitingEffect, PastAttempts {
  readonly kind: 'retrying';
}

/** The one that is tried soonest first, at most `limit`; `more` are not listed. */
export async function listRetrying(
  rooms: INestApplicationContext,
  limit: number,
): Promise<{ retrying: Retrying[]; more: number }> {
  const waiting = rooms.get(WaitingEffects, { strict: false });
  const listed = await waiting.list(limit);
  const ids = listed.map(({ effect }) => effect.id);
  const attempts = await rooms.get(EffectLedger, { strict: false }).pastAttempts(ids);
  const retrying = listed.map((each, index) => ({
    kind: 'retrying' as const,
    ...each,
    ...(attempts[index] ?? { attempts: 0 }),
  }));
  return { retrying, more: Math.max(0, (await waiting.count()) - listed.length) };
}
