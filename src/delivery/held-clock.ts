import { randomUUID } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Rounds } from '../observability/rounds.js';
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
  private readonly holder = randomUUID();
  private readonly rounds = new Rounds(
    () => this.look(),
    'What is held could not be looked after',
    new SeldomLog(new Logger(HeldClock.name)),
  );

  constructor(
    private readonly keeper: HeldKeeper,
    private readonly locks: Locks,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start(EVERY_MS);
    this.rounds.now();
  }

  /** A look that is broken off is done again by whoever looks next. */
  beforeApplicationShutdown(): void {
    this.rounds.stop();
  }

  private async look(): Promise<void> {
    if (await this.locks.acquire(LOCK, this.holder, LEASE_MS)) await this.keeper.look(Date.now());
  }
}
