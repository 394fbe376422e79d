/** Raw batches, one job a request (or several single events that came together). */
export const EVENTS_QUEUE = 'events';

/** Effects, one job each. */
export const ACTIONS_QUEUE = 'actions';

export const QUEUE_NAMES = [EVENTS_QUEUE, ACTIONS_QUEUE] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];
