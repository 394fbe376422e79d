/** Every key that is ours begins with this word. */
export const KEY_PREFIX = 'signalman';

/** The braces keep all keys of a queue in one slot of a Redis Cluster. */
export const QUEUE_PREFIX = `{${KEY_PREFIX}}`;

/** How long what was done is remembered. Longer than any redelivery: Adobe retries for a day and keeps events for seven. */
export const REMEMBER_MS = 10 * 24 * 3_600_000;
