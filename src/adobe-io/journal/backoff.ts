import type { Logger } from '@nestjs/common';
import { Failure } from '../../contracts/failure.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long to wait after failures in a row. Says each reason once, and that it is over. */
export class Backoff {
  private failures = 0;
  private told: string | undefined;

  constructor(private readonly log: Logger) {}

  /** @returns milliseconds to wait: what the failure names, or more with every one, less up to half of it. */
  after(error: unknown, now: number): number {
    const message =
      error instanceof Failure ? error.message : error instanceof Error ? error.stack : String(error);
    if (message !== this.told) this.log.warn(`${message ?? ''} It is tried again.`);
    this.told = message;
    this.failures += 1;
    if (error instanceof Failure && error.retry.kind === 'at')
      return Math.max(error.retry.at - now, FIRST_MS);
    const most = Math.min(FIRST_MS * 2 ** (this.failures - 1), LONGEST_MS);
    return most * (1 - Math.random() / 2);
  }

  over(): void {
    if (this.failures > 0) this.log.log('It works again.');
    this.failures = 0;
    this.told = undefined;
  }
}
