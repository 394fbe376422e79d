import type { DefaultJobOptions, QueueOptions, WorkerOptions } from 'bullmq';

/** Finished jobs leave at once (the ledger remembers them); failed ones stay until a person replays them. */
const KEEPING: DefaultJobOptions = { removeOnComplete: true, removeOnFail: false };

/** BullMQ's own log of queue events; nobody reads it, so it stays short. */
const STREAMS: Required<QueueOptions>['streams'] = { events: { maxLen: 100 } };

/** 1 s, 2 s, 4 s …, each less up to half of it: about an hour in all before a job becomes a dead letter. */
const PATIENCE = {
  attempts: 13,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
} satisfies DefaultJobOptions;

/** A batch fails only when Redis or the code does. A Redis that is full stays so until a person comes. */
export const EVENTS_OPTIONS = {
  defaultJobOptions: { ...KEEPING, ...PATIENCE },
  streams: STREAMS,
} satisfies Partial<QueueOptions>;

export const ACTIONS_OPTIONS = {
  defaultJobOptions: { ...KEEPING, ...PATIENCE },
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

/** Sending is mostly waiting. */
export const ACTIONS_WORKER: Partial<WorkerOptions> = { ...RECOVERY, concurrency: 64 };
