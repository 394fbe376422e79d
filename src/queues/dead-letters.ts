import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import type { Effect } from '../contracts/effect.js';
import { coversRule } from '../contracts/rule-pattern.js';
import { allCounts } from './lane-counts.js';
import { LaneQueues } from './lane-queues.js';
import { ACTIONS_QUEUE, EVENTS_QUEUE, QUEUE_NAMES, type QueueName } from './queue-names.js';

const AT_ONCE = 200;

/** A job that was given up and waits for a person. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: QueueName;
  /** Action kind, or `batch`. */
  readonly name: string;
  readonly reason: string;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly failedAt: number;
  readonly data: unknown;
}

/** Which dead letters are meant: those of whom all of this holds. */
export interface DeadLetterFilter {
  /** The name of the destination. */
  readonly to?: string;
  /** Id of the rule, `leads/*` for a folder, `*` for any. */
  readonly rule?: string;
  /** Given up then or later, epoch milliseconds. */
  readonly since?: number;
  /** A part of the reason, in upper or lower case. */
  readonly reason?: string;
  /** Only what takes back something else. */
  readonly undoing?: boolean;
}

@Injectable()
export class DeadLetters {
  constructor(
    @InjectQueue(EVENTS_QUEUE) private readonly events: Queue,
    private readonly lanes: LaneQueues,
  ) {}

  /** Newest first, at most `limit` batches and as many effects. */
  async list(limit = 100, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> {
    const lists = QUEUE_NAMES.map(async (name) => {
      const ofEach = (await this.queuesOf(name, filter)).map(async (queue) => {
        const found: DeadLetter[] = [];
        for await (const letter of lettersOf(name, queue, filter)) if (found.push(letter) === limit) break;
        return found;
      });
      return newestFirst((await Promise.all(ofEach)).flat()).slice(0, limit);
    });
    return newestFirst((await Promise.all(lists)).flat());
  }

  /** The ids of all that there are now. */
  async ids(filter: DeadLetterFilter = {}): Promise<string[]> {
    const ids: string[] = [];
    for (const name of QUEUE_NAMES)
      for (const queue of await this.queuesOf(name, filter))
        if (looksInside(filter)) for await (const { id } of lettersOf(name, queue, filter)) ids.push(id);
        else ids.push(...(await queue.getRanges(['failed'], 0, -1)));
    return ids;
  }

  async count(): Promise<Record<QueueName, number>> {
    const [events, { dead }] = await Promise.all([
      this.events.getFailedCount(),
      this.lanes.all().then(allCounts),
    ]);
    return { events, actions: dead };
  }

  /**
   * Puts a dead letter back into its queue with all its attempts. The job moves, it is never added anew: an add under
   * an id that still exists is ignored, and removing the old one afterwards would lose it.
   * @param note called before that, to write down that somebody wants it; when it fails nothing is put back
   * @returns false when there is no dead letter with this id.
   */
  async replay(id: string, note: () => Promise<void>): Promise<boolean> {
    const queues = [this.events, ...(await this.lanes.all())];
    const jobs = await Promise.all(queues.map((queue): Promise<Job | undefined> => queue.getJob(id)));
    for (const job of jobs) {
      if (job === undefined || !(await job.isFailed())) continue;
      await note();
      // Its target may name times to come again as if it had never named one.
      await job.updateProgress(0);
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      return true;
    }
    return false;
  }

  /** Of a destination there are only effects, all in its lane. */
  private async queuesOf(name: QueueName, { to }: DeadLetterFilter): Promise<Queue[]> {
    if (name === ACTIONS_QUEUE) return to === undefined ? await this.lanes.all() : [this.lanes.lane(to)];
    return to === undefined ? [this.events] : [];
  }
}

/** Where a dead letter lies does not say all that is asked. */
function looksInside({ rule, since, reason, undoing }: DeadLetterFilter): boolean {
  return rule !== undefined || since !== undefined || reason !== undefined || undoing === true;
}

/** Newest first. */
async function* lettersOf(
  name: QueueName,
  queue: Queue,
  filter: DeadLetterFilter,
): AsyncGenerator<DeadLetter> {
  const ids = await queue.getRanges(['failed'], 0, -1);
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const jobs = await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => queue.getJob(id)));
    for (const job of jobs as (Job | undefined)[]) {
      // One that has been put back since is none.
      if (job?.finishedOn === undefined) continue;
      if (job.finishedOn < (filter.since ?? 0)) return;
      if (matches(job, filter)) yield letterOf(name, job, job.finishedOn);
    }
  }
}

function matches({ data, failedReason }: Job, { rule, reason, undoing }: DeadLetterFilter): boolean {
  const { ruleId, undoes } = data as Partial<Effect>;
  if (undoing === true && undoes === undefined) return false;
  if (rule !== undefined && (ruleId === undefined || !coversRule(rule, ruleId))) return false;
  return reason === undefined || failedReason.toLowerCase().includes(reason.toLowerCase());
}

function letterOf(queue: QueueName, job: Job, failedAt: number): DeadLetter {
  return {
    id: job.id ?? '',
    queue,
    name: job.name,
    reason: job.failedReason,
    attempts: job.attemptsMade,
    failedAt,
    data: job.data as unknown,
  };
}

function newestFirst(letters: readonly DeadLetter[]): DeadLetter[] {
  return [...letters].sort((a, b) => b.failedAt - a.failedAt);
}
