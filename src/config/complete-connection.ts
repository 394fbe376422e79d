import { parseDuration } from '../contracts/duration.js';
import { isJsonObject } from '../contracts/json.js';
import { laneSettings } from './lane-settings.js';
import { NEVER, OFF } from './member-checks.js';
import { perRecipientPace } from './per-recipient-pace.js';
import type { Members } from './shape.js';

/**
 * What people write in one way and the app reads in another, and the default that depends on another member. `written`: as
 * it stands in the file, its references not followed.
 */
export function completeConnection(read: Members, written = read): Members {
  const { expectEvery, usagePoll, perRecipient, digest, secret, lane, ...connection } = read;
  return {
    ...connection,
    ...(typeof expectEvery === 'string' ? { expectEveryMs: durationMs(expectEvery, NEVER) } : {}),
    ...(typeof usagePoll === 'string' ? { usagePollMs: durationMs(usagePoll, OFF) } : {}),
    ...(typeof perRecipient === 'string' ? { perRecipient: perRecipientPace(perRecipient) } : {}),
    ...(typeof digest === 'string' ? { digestMs: parseDuration(digest) } : {}),
    ...(isJsonObject(lane) ? { lane: laneSettings(lane) } : {}),
    ...originOf(read),
    ...webhookOf(connection, secret, typeof written['url'] !== 'string'),
  };
}

/** One secret is a list of one, and case tells no headers apart. A source of this kind has no URL. */
function webhookOf({ kind, url, secrets, headers }: Members, secret: unknown, urlIsSecret: boolean): Members {
  if (kind !== 'webhook' || url === undefined) return {};
  const lower = Object.entries(headers ?? {}).map(([name, value]): [string, unknown] => [
    name.toLowerCase(),
    value,
  ]);
  return {
    secrets: secrets ?? [secret],
    headers: Object.fromEntries(lower),
    ...(urlIsSecret ? { urlIsSecret } : {}),
  };
}

/** Milliseconds; 0 for the word that says none. */
function durationMs(text: string, none: string): number {
  return text === none ? 0 : (parseDuration(text) ?? 0);
}

function originOf({ kind, munchkinId, origin }: Members): Members {
  if (kind !== 'marketo' || typeof munchkinId !== 'string') return {};
  return { origin: origin ?? `https://${munchkinId}.mktorest.com` };
}
