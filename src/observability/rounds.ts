import type { SeldomLog } from './seldom-log.js';

/** Does the same again and again, one after the other, until it is stopped. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private stopped = false;

  /** `complaint`: what has failed when a round does, as the beginning of a line of the log. */
  constructor(
    private readonly round: () => Promise<void>,
    private readonly complaint: string,
    private readonly seldom: SeldomLog,
  ) {}

  /** The first round is so many milliseconds from now. While Redis is away a round takes as long as the outage does. */
  start(everyMs: number): void {
    this.timer = setInterval(() => {
      this.now();
    }, everyMs).unref();
  }

  /** Begins a round, unless one is under way. */
  now(): void {
    this.underWay ??= this.go();
  }

  /** A round that is under way is not waited for, and what fails of it from now on is not told. */
  stop(): void {
    clearInterval(this.timer);
    this.stopped = true;
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  private async go(): Promise<void> {
    try {
      await this.round();
    } catch (error) {
      if (!this.stopped) this.seldom.warn(this.complaint, `${this.complaint}: ${String(error)}`);
    } finally {
      this.underWay = undefined;
    }
  }
}
