import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Ripe } from '../contracts/flow.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { RedisFlow } from '../state/redis-flow.js';
import { Judge } from './judge.js';
import { LateWork } from './late-work.js';

/** How late something that waits may act, at most, while there is no more of it than can be done. */
const EVERY_MS = 500;

/** So much is gone on with in one go. */
const AT_ONCE = 100;

/**
 * Goes on with what has waited for its time: an absence, a digest, a firing outside its hours, an event that could not be
 * judged. Every worker looks, and each thing is lent to one at a time; what a worker leaves undone is lent again.
 */
@Injectable()
export class FlowClock implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly seldom = new SeldomLog(new Logger(FlowClock.name));
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly flow: RedisFlow,
    private readonly judge: Judge,
    private readonly work: LateWork,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      // While Redis is away a look takes as long as the outage does.
      this.looking ??= this.lookNow();
    }, EVERY_MS).unref();
  }

  /** What is under way is lent again to others: nobody waits for it here. */
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopped = true;
  }

  /** Sees everything through that is due. `now`: epoch milliseconds. */
  async look(now: number): Promise<void> {
    for (;;) {
      const ripe = await this.flow.ripe(now, AT_ONCE);
      for (const each of ripe) await this.seeThrough(each);
      if (ripe.length < AT_ONCE || this.stopped) return;
    }
  }

  private async seeThrough(ripe: Ripe): Promise<void> {
    await this.work.queue(ripe.id, await this.judge.goOn(ripe));
    await this.flow.settle([ripe]);
  }

  private async lookNow(): Promise<void> {
    try {
      await this.look(Date.now());
    } catch (error) {
      if (!this.stopped) this.seldom.warn('look', `What is due could not be done: ${String(error)}`);
    } finally {
      this.looking = undefined;
    }
  }
}
