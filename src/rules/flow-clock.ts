import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Ripe } from '../contracts/flow.js';
import { Rounds } from '../observability/rounds.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { Backlog } from '../queues/backlog.js';
import { RedisFlow } from '../state/redis-flow.js';
import { Judge } from './judge.js';
import { LateWork, type LateJudgement } from './late-work.js';

/** How late something that waits may act, at most, while there is no more of it than can be done. */
const EVERY_MS = 500;

/** So much is gone on with in one go, well within the time for which it is lent. */
const AT_ONCE = 100;

/** One part is judged here while Redis is busy with another. */
const LANES = 2;

/** As long as a batch waits for room. */
const WAIT_MS = 3_000;

/**
 * Goes on with what has waited for its time: an absence, a digest, a firing outside its hours, an event that could not be
 * judged. Every worker looks, and each thing is lent to one at a time; what a worker leaves undone is lent again.
 */
@Injectable()
export class FlowClock implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly seldom = new SeldomLog(new Logger(FlowClock.name));
  private readonly rounds = new Rounds(
    // A worker whose own clock is ahead would act early, for everybody.
    async () => this.look(await this.flow.time()),
    'What is due could not be done',
    this.seldom,
  );

  constructor(
    private readonly flow: RedisFlow,
    private readonly judge: Judge,
    private readonly work: LateWork,
    private readonly backlog: Backlog,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start(EVERY_MS);
  }

  /** What is under way is lent again to others: nobody waits for it here. */
  beforeApplicationShutdown(): void {
    this.rounds.stop();
  }

  /**
   * Sees everything through that is due, the longest due first, or as much as there is room for: what waits for its time
   * waits a little longer while too many effects wait to be sent. `now`: epoch milliseconds.
   */
  async look(now: number): Promise<void> {
    await Promise.all(Array.from({ length: LANES }, () => this.lane(now)));
  }

  private async lane(now: number): Promise<void> {
    while (!this.rounds.isStopped && (await this.isDue(now))) {
      if (!(await this.backlog.roomForEffects(WAIT_MS))) return;
      await this.seeThrough(await this.flow.ripe(now, AT_ONCE));
    }
  }

  private async isDue(now: number): Promise<boolean> {
    const next = await this.flow.nextDue();
    return next !== undefined && next <= now;
  }

  /** What cannot be judged stays lent, so that it is tried again after a while and stands in nobody's way. */
  private async seeThrough(all: readonly Ripe[]): Promise<void> {
    const judged = await Promise.all(all.map((ripe) => this.judged(ripe)));
    const done = judged.filter((each) => each !== undefined);
    await this.work.queue(done);
    const ids = new Set(done.map(({ id }) => id));
    await this.flow.settle(all.filter(({ id }) => ids.has(id)));
  }

  private async judged(ripe: Ripe): Promise<LateJudgement | undefined> {
    try {
      return { id: ripe.id, ...(await this.judge.goOn(ripe)) };
    } catch (error) {
      if (!this.rounds.isStopped)
        this.seldom.warn(
          ripe.ruleId,
          `What rule ${ripe.ruleId} waited for could not be judged: ${String(error)}`,
        );
      return undefined;
    }
  }
}
