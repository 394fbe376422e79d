import type { OnApplicationShutdown } from '@nestjs/common';
import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Effect } from '../contracts/effect.js';
import { LANES_KEY, QUEUE_PREFIX } from '../redis/keys.js';
import type { ActionsQueue } from './actions-queue.js';
import { MOVE_DEAD } from './lane-scripts.js';
import { ACTIONS_QUEUE, laneQueueName } from './queue-names.js';

const AT_ONCE = 500;

/** Where a job goes that does not say whom it is for: its lane makes it a dead letter. */
const NOBODY = 'unknown';

interface MoveCommands extends Redis {
  moveDead(...keysAndId: [job: string, moved: string, dead: string, lane: string, id: string]): Promise<null>;
}

/**
 * The one queue that all effects shared before each destination had a lane. What an earlier version left in it is moved
 * into the lanes. Ids stay, so a move that is broken off, or done by two at once, is only done again.
 */
export class OldActions implements OnApplicationShutdown {
  private readonly redis: MoveCommands;
  private readonly queue: Queue;

  constructor(
    redis: Redis,
    private readonly actions: ActionsQueue,
  ) {
    redis.defineCommand('moveDead', { numberOfKeys: 4, lua: MOVE_DEAD });
    this.redis = redis as MoveCommands;
    const options = { connection: redis, prefix: QUEUE_PREFIX, skipMetasUpdate: true };
    this.queue = new Queue(ACTIONS_QUEUE, options);
    this.queue.on('error', () => undefined);
  }

  /** Moves what nobody works on, and removes the queue when nothing is left. @returns how many jobs were moved */
  async move(): Promise<number> {
    if ((await this.redis.exists(this.queue.toKey('meta'))) === 0) return 0;
    let moved = 0;
    for await (const jobs of this.pages(['waiting', 'prioritized', 'delayed', 'active'])) {
      const free = await this.withoutLock(jobs);
      await this.actions.addAll(free.map(({ data }) => ({ ...data, to: laneOf(data) })));
      await Promise.all(free.map(async ({ id = '' }) => this.queue.remove(id)));
      moved += free.length;
    }
    for await (const jobs of this.pages(['failed'])) {
      await Promise.all(jobs.map((job) => this.moveDead(job)));
      moved += jobs.length;
    }
    if ((await this.queue.getJobCountByTypes('waiting', 'prioritized', 'delayed', 'active', 'failed')) === 0)
      await this.queue.obliterate({ force: true });
    return moved;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close().catch(() => undefined);
  }

  private async *pages(states: Parameters<Queue['getRanges']>[0]): AsyncGenerator<Job<Effect>[]> {
    const ids = await this.queue.getRanges(states, 0, -1);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      const jobs = await Promise.all(some.map((id) => this.queue.getJob(id)));
      yield jobs.filter((job) => job !== undefined) as Job<Effect>[];
    }
  }

  /** A worker of the earlier version may still be at it. */
  private async withoutLock(jobs: readonly Job<Effect>[]): Promise<Job<Effect>[]> {
    const locks = await Promise.all(
      jobs.map(({ id = '' }) => this.redis.exists(`${this.queue.toKey(id)}:lock`)),
    );
    return jobs.filter((_, index) => locks[index] === 0);
  }

  private async moveDead({ id = '', data }: Job<Effect>): Promise<void> {
    const to = laneOf(data);
    const lane = `${QUEUE_PREFIX}:${laneQueueName(to)}`;
    await this.redis.sadd(LANES_KEY, to);
    await this.redis.moveDead(
      ...([this.queue.toKey(id), `${lane}:${id}`, this.queue.toKey('failed'), `${lane}:failed`, id] as const),
    );
  }
}

function laneOf({ to }: Partial<Effect>): string {
  return typeof to === 'string' && to !== '' ? to : NOBODY;
}
