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
import { SilenceAlarm } from './silence-alarm.js';
import { SilenceBoard } from './silence-board.js';
import { StreamStates } from './stream-states.js';

const LOCK = 'stream-watch';
const EVERY_MS = 60_000;

/** Longer than the time between two looks, so that one process keeps the watch while it lives. */
const LEASE_MS = 90_000;

/** Looks every minute whether a stream is silent that should speak. All processes look, one at a time tells. */
@Injectable()
export class StreamWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly holder = randomUUID();
  private readonly rounds = new Rounds(
    () => this.look(Date.now()),
    'The streams could not be looked at',
    new SeldomLog(new Logger(StreamWatch.name)),
  );

  constructor(
    private readonly states: StreamStates,
    private readonly alarm: SilenceAlarm,
    private readonly board: SilenceBoard,
    private readonly locks: Locks,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start(EVERY_MS);
  }

  /** The lock is left to end by itself: without Redis nobody could give it back. */
  beforeApplicationShutdown(): void {
    this.rounds.stop();
  }

  /** `now`: epoch milliseconds. */
  async look(now: number): Promise<void> {
    const states = await this.states.at(now);
    this.board.show(states);
    if (await this.locks.acquire(LOCK, this.holder, LEASE_MS)) await this.alarm.tell(states, now);
  }
}
