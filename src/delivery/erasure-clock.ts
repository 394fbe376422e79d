import { randomUUID } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Rounds } from '../observability/rounds.js';
import { SeldomLog } from '../observability/seldom-log.js';
import { ErasedPeople } from '../state/erased-people.js';
import { Locks } from '../state/locks.js';
import { Erasure } from './erasure.js';
import { HeldErasure } from './held-erasure.js';

const LOCK = 'erasure';
const EVERY_MS = 60_000;

/** What was decided before somebody was erased is queued by then. */
const SETTLED_MS = 60_000;

/** People of one look. */
const AT_ONCE = 50_000;

/** A look reads whole books. Two at once do no harm. */
const LEASE_MS = 5 * 60_000;

/** Erases from queue and books whoever was erased from memory, a minute or two later. One process at a time. */
@Injectable()
export class ErasureClock implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly holder = randomUUID();
  private readonly rounds = new Rounds(
    () => this.look(Date.now()),
    'People could not be erased from the books yet',
    new SeldomLog(new Logger(ErasureClock.name)),
  );

  constructor(
    private readonly people: ErasedPeople,
    private readonly erasure: Erasure,
    private readonly held: HeldErasure,
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

  /** `now`: epoch milliseconds. One command when nobody was erased. */
  async look(now: number): Promise<void> {
    const erasures = await this.people.until(now - SETTLED_MS, AT_ONCE);
    if (erasures.size === 0 || !(await this.locks.acquire(LOCK, this.holder, LEASE_MS))) return;
    await this.held.erase(erasures);
    await this.people.forget(await this.erasure.erase(erasures));
    await this.locks.release(LOCK, this.holder);
  }
}
