/** Every key that is ours begins with this word. */
export const KEY_PREFIX = 'signalman';

/** The braces keep all keys of a queue in one slot of a Redis Cluster. */
export const QUEUE_PREFIX = `{${KEY_PREFIX}}`;
