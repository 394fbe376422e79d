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

/** Set of the names of all destinations whose lanes ever held an effect. */
export const LANES_KEY = `${QUEUE_PREFIX}:lanes`;

/** Hash of how a destination fares: whether a person paused it, its breaker, its pace. */
export function laneKey(destination: string): string {
  return `${QUEUE_PREFIX}:lane:${destination}`;
}

/** Hash of the rules that are held: `Holding` as JSON, by rule id. */
export const HOLDINGS_KEY = `${QUEUE_PREFIX}:holdings`;

/** For scripts: sorted sets of what a rule with a limit did, by when in epoch milliseconds; `<what is counted>:<rule id>`. */
export const LIMIT_PREFIX = `${QUEUE_PREFIX}:limit:`;

/** Hash of the effects that are held since a rule was, as JSON by id, each behind a line of what is counted of it. */
export function heldKey(holdingId: string): string {
  return `${HELD_PREFIX}${holdingId}`;
}

/** For scripts. */
export const HELD_PREFIX = `${QUEUE_PREFIX}:held:`;

/** For scripts: sorted sets of the ids that were ever held since a rule was, in their order; by id of the holding. */
export const HELD_ORDER_PREFIX = `${QUEUE_PREFIX}:held-order:`;

/** For scripts: hashes of how many effects are held of each `<type> <destination>`; by id of the holding. */
export const HELD_KINDS_PREFIX = `${QUEUE_PREFIX}:held-kinds:`;

/** For scripts: sorted sets of the leads for whom something is held, in their order; by id of the holding. */
export const HELD_LEADS_PREFIX = `${QUEUE_PREFIX}:held-leads:`;

/** For scripts: hashes of how many effects are held for each of these leads; by id of the holding. */
export const HELD_PER_LEAD_PREFIX = `${QUEUE_PREFIX}:held-per-lead:`;

/** Hash of what people decided about held effects: `HeldDecision` as JSON, by id of the holding. */
export const HELD_DECISIONS_KEY = `${QUEUE_PREFIX}:held-decisions`;

/** Set of held effects of which the ledger has yet to hear, `<id of the holding>|<id>`. */
export const HELD_NEWS_KEY = `${QUEUE_PREFIX}:held-news`;

/** Hash of when people were told last that these two keep each other busy, and how often it was stopped since. `pair`: a hash. */
export function loopKey(pair: string): string {
  return `${QUEUE_PREFIX}:loop:${pair}`;
}

/** Hash of the destinations of whose trouble the rules were told, by name: which and since when, as JSON. */
export const LANE_NEWS_KEY = `${QUEUE_PREFIX}:lane-news`;
