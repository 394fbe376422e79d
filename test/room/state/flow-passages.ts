import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { Kept, Passage } from '../../../src/contracts/flow.js';
import { ERASED_FIELD } from '../../../src/contracts/memory.js';
import { ownerKey } from '../../../src/redis/keys.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.parse('2026-11-24T10:00:00Z');

export function ownerOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 16);
}

export function keptOf(id: string): Kept {
  const event = { id, type: 'marketo.activity.clicklink', data: { link: `of ${id}` } };
  return { event: event as unknown as CanonicalEvent, lead: { country: 'Élan' }, facts: { count: 2 } };
}

/** A rule wants to act for this event at this minute, and nothing stands in its way unless it is given. */
export function passageOf(id: string, minute: number, given: Partial<Passage> = {}): Passage {
  const time = START + minute * MINUTE;
  return {
    ruleId: 'rule',
    step: 'match',
    kept: keptOf(id),
    time,
    receivedAt: time,
    suppressed: false,
    inhibitors: [],
    announces: [],
    ...given,
  };
}

/** What the store of memory does with the hash of an owner who was erased, or merged into another. */
export async function endInRedis(redis: Redis, owner: string, into = ''): Promise<void> {
  const key = ownerKey(owner);
  const states = Object.entries(await redis.hgetall(key)).filter(([field]) => field.startsWith('~'));
  for (const [field, text] of into === '' ? [] : states) await redis.hsetnx(ownerKey(into), field, text);
  await redis.pexpire(ownerKey(into), 30 * DAY);
  await redis.unlink(key);
  await redis.hset(key, ERASED_FIELD, into);
  await redis.pexpire(key, 30 * DAY);
}
