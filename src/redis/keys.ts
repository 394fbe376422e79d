/** Every key that is ours begins with this word. */
export const KEY_PREFIX = 'signalman';

/** The braces keep all keys of a queue in one slot of a Redis Cluster. */
export const QUEUE_PREFIX = `{${KEY_PREFIX}}`;

/** How long what was done is remembered. Longer than any redelivery: Adobe retries for a day and keeps events for seven. */
export const REMEMBER_MS = 10 * 24 * 3_600_000;

/** Whose Redis this is: `sandbox` or `live`. */
export const PURPOSE_KEY = `${KEY_PREFIX}:purpose`;

/** An id that is made once, so that a Redis that has lost its data is known by having another. */
export const EPOCH_KEY = `${KEY_PREFIX}:epoch`;

/** Hash of `bytes` and `batches` that are stored and not yet seen through. */
export const BACKLOG_KEY = `${QUEUE_PREFIX}:backlog`;

/** Hash of every batch that is stored and not yet seen through, as JSON by job id. */
export const STORED_KEY = `${QUEUE_PREFIX}:stored`;

/** Which events a batch was the first to bring; its own repeat after a crash is no duplicate of itself. */
export function claimsKey(jobId: string): string {
  return `${QUEUE_PREFIX}:claims:${jobId}`;
}

/** Hash of what a batch was answered by memory and flow, for its own repeat after a crash; dropped with its claims. */
export function memoKey(jobId: string): string {
  return `${QUEUE_PREFIX}:memo:${jobId}`;
}

/** Hash of everything that is kept of one owner, such as a lead, so that it is erased in one step and without a search. */
export function ownerKey(owner: string): string {
  return `${OWNER_PREFIX}${owner}`;
}

/**
 * Sorted set of the owners who were erased, by when in epoch milliseconds, until what was done about them is erased from
 * the books as well.
 */
export const ERASED_KEY = `${QUEUE_PREFIX}:erased`;

/** For scripts, which make the keys of owners by themselves. */
export const OWNER_PREFIX = `${QUEUE_PREFIX}:o:`;

/** Sorted set of what waits in the flow of rules, `<owner>|<field>|…`, by when it is due in epoch milliseconds. */
export const DUE_KEY = `${QUEUE_PREFIX}:due`;
