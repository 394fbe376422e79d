import { createHash } from 'node:crypto';
import type { Oddity } from '../../contracts/event.js';

/** Ids become keys in Redis and job ids of effects: longer ones are replaced by their hash. */
const MAX_ID_LENGTH = 512;
const MUNCHKIN_ID = /^\d{3}-[A-Z]{3}-\d{3}$/i;

/**
 * Identity of an event. Without an id of its own it is the hash of what came, which is the same at every redelivery;
 * two events that are alike to the last character are then one.
 */
export function eventId(id: string | undefined, element: unknown, oddities: Oddity[]): string {
  if (id === undefined) {
    oddities.push('missing-id');
    return hash(JSON.stringify(element));
  }
  return id.length > MAX_ID_LENGTH ? hash(id) : id;
}

/** The identity of a lead activity in all of its transports. */
export function activityId(connection: string, munchkinId: string | undefined, guid: string): string {
  if (munchkinId === undefined) return plainId(connection, guid);
  if (MUNCHKIN_ID.test(munchkinId)) return `${munchkinId.toUpperCase()}:${guid}`;
  return plainId(connection, `${munchkinId}:${guid}`);
}

/**
 * An id that stands for itself. Where it looks put together like those of other connections it gets the name of its
 * own before it: an event that passed for another would have that one taken for its duplicate.
 */
export function plainId(connection: string, id: string): string {
  return /[:/]/.test(id) ? `${connection}/${id}` : id;
}

function hash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
