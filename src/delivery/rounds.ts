import type { SeldomLog } from '../observability/seldom-log.js';

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

  /** The first round is now. */
  start(everyMs: number): void {
    const go = (): void => {
      this.underWay ??= this.go();
    };
    this.timer = setInterval(go, everyMs).unref();
    go();
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
