import { parseDuration } from '../contracts/duration.js';
import { NEVER } from './member-checks.js';
import type { Members } from './shape.js';

/** What people write in one way and the app reads in another, and the default that depends on another member. */
export function completeConnection(read: Members): Members {
  const { expectEvery, ...connection } = read;
  return {
    ...connection,
    ...(typeof expectEvery === 'string' ? { expectEveryMs: expectEveryMs(expectEvery) } : {}),
    ...originOf(read),
  };
}

function expectEveryMs(text: string): number {
  return text === NEVER ? 0 : (parseDuration(text) ?? 0);
}

function originOf({ kind, munchkinId, origin }: Members): Members {
  if (kind !== 'marketo' || typeof munchkinId !== 'string') return {};
  return { origin: origin ?? `https://${munchkinId}.mktorest.com` };
}
