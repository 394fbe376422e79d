import { createHash } from 'node:crypto';
import type { Oddity } from '../../contracts/event.js';

/** Ids become keys in Redis and job ids of effects: longer ones are replaced by their hash. */
const MAX_ID_LENGTH = 512;

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

function hash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
