import { randomUUID } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SeldomLog } from '../observability/seldom-log.js';
import { Locks } from '../state/locks.js';
import { HeldKeeper } from './held-keeper.js';

const LOCK = 'held';

/** How long a person may wait until what was released goes on its way. */
const EVERY_MS = 1_000;

/** Two at once do no harm, and nobody waits long for one that was killed. */
const LEASE_MS = 10_000;

/** Looks after held effects, in one process at a time. */
@Injectable()
export class HeldClock implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly seldom = new SeldomLog(new Logger(HeldClock.name));
  private readonly holder = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly keeper: HeldKeeper,
    private readonly locks: Locks,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.lookNow();
    }, EVERY_MS).unref();
  }

  /** A look that is broken off is done again by whoever looks next. */
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopped = true;
  }

  private async lookNow(): Promise<void> {
    try {
      if (await this.locks.acquire(LOCK, this.holder, LEASE_MS)) await this.keeper.look(Date.now());
    } catch (error) {
      if (!this.stopped) this.seldom.warn('look', `What is held could not be looked after: ${String(error)}`);
    } finally {
      this.looking = undefined;
    }
  }
}
