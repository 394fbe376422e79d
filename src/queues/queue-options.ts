import type { DefaultJobOptions, QueueOptions, WorkerOptions } from 'bullmq';
import { RETRY_PAUSES_MS, retryPause } from './retry-schedule.js';

/** Finished jobs leave at once (the ledger remembers them); failed ones stay until a person replays them. */
const KEEPING: DefaultJobOptions = { removeOnComplete: true, removeOnFail: false };

/** BullMQ's own log of queue events; nobody reads it, so it stays short. */
const STREAMS: Required<QueueOptions>['streams'] = { events: { maxLen: 100 } };

/**
 * A batch fails only when Redis or the code does. A Redis that is full stays so until a person comes. 1 s, 2 s, 4 s …,
 * each less up to half of it: about an hour in all before a batch becomes a dead letter.
 */
export const EVENTS_OPTIONS = {
  defaultJobOptions: {
    ...KEEPING,
    attempts: 13,
    backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  },
  streams: STREAMS,
} satisfies Partial<QueueOptions>;

/** The workers of lanes know the pauses. */
export const LANE_OPTIONS = {
  defaultJobOptions: {
    ...KEEPING,
    attempts: RETRY_PAUSES_MS.length + 1,
    backoff: { type: 'retry-schedule' },
  },
  streams: STREAMS,
} satisfies Partial<QueueOptions>;

/**
 * After a crash a job is free again when its lock ends and the next stalled check comes by. Both are short, because
 * running a job twice is harmless here. A job that takes its worker down with it every time becomes a dead letter.
 */
const RECOVERY: Partial<WorkerOptions> = {
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 5,
  autorun: false,
};

/** Deciding is work for the processor: a few batches at once hide the round trips to Redis. */
export const EVENTS_WORKER: Partial<WorkerOptions> = { ...RECOVERY, concurrency: 4 };

/** A lane whose limit is reached is held. No lane sends so many in its time: only a hold reaches it. */
export const NEVER_REACHED = 1_000_000_000;

export const LANE_WORKER = {
  ...RECOVERY,
  limiter: { max: NEVER_REACHED, duration: 1_000 },
  // A lane that a person resumes, or that is well again, goes on after a second at most.
  maximumRateLimitDelay: 1_000,
  settings: { backoffStrategy: (attemptsMade: number) => retryPause(attemptsMade) },
} satisfies Partial<WorkerOptions>;
