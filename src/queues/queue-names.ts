/** Raw batches, one job a request (or several single events that came together). */
export const EVENTS_QUEUE = 'events';

/** Effects, one job each, in the queues of all lanes; before there were lanes it was the one queue of that name. */
export const ACTIONS_QUEUE = 'actions';

export const QUEUE_NAMES = [EVENTS_QUEUE, ACTIONS_QUEUE] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** The queue of a destination's lane. Names of destinations have none of what BullMQ refuses in a name. */
export function laneQueueName(destination: string): string {
  return `${ACTIONS_QUEUE}-${destination}`;
}
