import type { Logger } from '@nestjs/common';
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import { systemClock } from '../contracts/clock.js';
import { Failure } from '../contracts/failure.js';
import { isJsonObject } from '../contracts/json.js';
import type { SeldomLog } from '../observability/seldom-log.js';
import { knownTrouble } from '../redis/redis-trouble.js';
import { readPayload } from './job-payloads.js';

/** What a handler may know of the job that brought its payload. */
export interface JobContext {
  readonly jobId: string;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
  /** Which attempt this is, from 1; those that do not count are left out. */
  readonly attempt: number;
  /** True when a failure now makes the job a dead letter. */
  readonly lastAttempt: boolean;
  /** True when a worker had the job before, and may have stopped anywhere in it. */
  readonly begunBefore: boolean;
  /** For how long its target has put it off, time after time and without any other answer, milliseconds. */
  readonly putOffMs: number;
}

/** What is done with the jobs of a queue. */
export interface JobHandler<T extends object> {
  readonly payload: new () => T;
  /** Says how it failed by a `Failure`. */
  handle(payload: T, context: JobContext): Promise<void>;
  /** The job is about to become a dead letter. */
  gaveUp(context: JobContext): Promise<void>;
  /** What the log says of a job beside its id. */
  about(payload: T): Readonly<Record<string, string>>;
}

/** Where a job runs. */
export interface JobPlace {
  readonly queue: string;
  readonly logger: Logger;
  /** For what a destination or Redis can cause ten thousand times: metrics count, the log tells. */
  readonly seldom: SeldomLog;
  /** Has its workers look at what came back. Undefined where no queue is held as a whole. */
  readonly wake?: () => Promise<void>;
}

/**
 * Runs one job: reads the payload, hands it on, and is the one place where a `Failure` becomes what BullMQ understands.
 * Rejects with what BullMQ is to be told.
 */
export async function runJob<T extends object>(
  handler: JobHandler<T>,
  place: JobPlace,
  job: Job<unknown>,
  token?: string,
): Promise<void> {
  const context = contextOf(job);
  let about = {};
  try {
    const payload = readPayload(handler.payload, job.data);
    about = handler.about(payload);
    await handler.handle(payload, context);
  } catch (error) {
    if (isFinal(error, context)) {
      tellDead(place, context.jobId, about, error);
      await handler.gaveUp(context);
    }
    throw await verdictOn(error, place, job, token);
  }
}

function contextOf(job: Job<unknown>): JobContext {
  const attempt = job.attemptsMade + 1;
  return {
    jobId: job.id ?? '',
    queuedAt: job.timestamp,
    attempt,
    lastAttempt: attempt >= (job.opts.attempts ?? 1),
    begunBefore: job.attemptsStarted > 1,
    putOffMs: putOffMsOf(job),
  };
}

/** An earlier version kept a number instead. */
function putOffMsOf({ progress }: Job<unknown>): number {
  const told = isJsonObject(progress) ? progress['putOffMs'] : undefined;
  return typeof told === 'number' ? told : 0;
}

/** Nothing more happens to a dead letter by itself, so the line says what a person can do. */
function tellDead({ logger, queue }: JobPlace, job: string, about: object, error: unknown): void {
  logger.error({
    event: 'job.dead',
    queue,
    job,
    ...about,
    reason: reasonOf(error),
    next: `Mend the cause, then run: signalman dead replay ${job}`,
  });
}

/** The error that makes BullMQ do with the job what may be done about the failure. */
async function verdictOn(
  error: unknown,
  place: JobPlace,
  job: Job<unknown>,
  token?: string,
): Promise<unknown> {
  if (!(error instanceof Failure)) {
    const line = `Job ${job.id ?? ''} of ${place.queue}: ${describe(error)}`;
    place.seldom.error(knownTrouble(error) ?? reasonOf(error), line);
    return error;
  }
  const { retry, postponed } = error;
  if (retry.kind !== 'at' && !postponed && putOffMsOf(job) > 0) await job.updateProgress({ putOffMs: 0 });
  switch (retry.kind) {
    case 'never':
      return new UnrecoverableError(reasonOf(error));
    case 'backoff':
      // What BullMQ keeps of it is its message, which people read when it was the last.
      return new Error(reasonOf(error), { cause: error });
    case 'lane':
      // Whoever said so holds the lane.
      if (place.wake === undefined) return await putOff(job, error, retry.at, token);
      await job.moveToWait(token);
      await place.wake();
      return new WaitingError();
    case 'at':
      return await putOff(job, error, retry.at, token);
  }
}

/** Only what the target asks for is noted: not what the effect waits beside that, in its lane or for something of ours. */
async function putOff(
  job: Job<unknown>,
  { postponed }: Failure,
  at: number,
  token?: string,
): Promise<unknown> {
  const ms = at - systemClock.now();
  if (!postponed && ms > 0) await job.updateProgress({ putOffMs: putOffMsOf(job) + ms });
  await job.moveToDelayed(at, token);
  return new DelayedError();
}

function isFinal(error: unknown, { lastAttempt }: JobContext): boolean {
  return error instanceof Failure ? error.isFinal(lastAttempt) : lastAttempt;
}

function reasonOf(error: unknown): string {
  return error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
}

function describe(error: unknown): string {
  return knownTrouble(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}
