import type { Pace } from '../../../src/adobe-io/pace.js';
import { eventually } from '../../support/eventually.js';

interface Waiting {
  readonly until: number;
  readonly end: () => void;
}

/** Time that passes only when a test says so. */
export class FakePace implements Pace {
  /** What was waited for so far, milliseconds. */
  readonly waits: number[] = [];
  private readonly waiting = new Set<Waiting>();

  constructor(private at = Date.parse('2026-05-04T10:00:00.000Z')) {}

  now(): number {
    return this.at;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || ms <= 0) return;
    this.waits.push(ms);
    await new Promise<void>((resolve) => {
      const waiting = {
        until: this.at + ms,
        end: () => {
          this.waiting.delete(waiting);
          signal.removeEventListener('abort', waiting.end);
          resolve();
        },
      };
      this.waiting.add(waiting);
      signal.addEventListener('abort', waiting.end);
    });
  }

  /** Resolves when somebody, or so many, wait for time to pass. */
  async idle(waiting = 1): Promise<void> {
    await eventually(() => this.waiting.size >= waiting);
  }

  pass(ms: number): void {
    this.at += ms;
    for (const { until, end } of this.waiting) if (until <= this.at) end();
  }
}
