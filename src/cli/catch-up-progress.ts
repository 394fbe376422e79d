import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

const STEPS = 1_000;
/** Where no bar can be drawn a line is written now and then. */
const LINE_EVERY_MS = 10_000;

interface Times {
  readonly oldest?: number;
  readonly newest?: number;
}

/** How far a journal has been read, by the times of its events: how many there are, nobody knows before the end. */
export class CatchUpProgress {
  private readonly bar: SingleBar | undefined;
  private saidAt = performance.now();

  /** `from`, `to`: epoch milliseconds. Without `from` the oldest event of the first page is the beginning. */
  constructor(
    private readonly name: string,
    private from: number | undefined,
    private readonly to: number,
    private readonly terminal: Terminal,
  ) {
    if (!process.stderr.isTTY) return;
    const format = `${name} {bar} {percentage}% | {events} events`;
    this.bar = new SingleBar({ format, clearOnComplete: false, hideCursor: true }, Presets.shades_classic);
    this.bar.start(STEPS, 0, { events: 0 });
  }

  show(events: number, { oldest, newest }: Times): void {
    this.from ??= oldest;
    const done = newest === undefined ? undefined : share(this.from ?? newest, newest, this.to);
    if (this.bar !== undefined) {
      if (done === undefined) this.bar.updateETA();
      else this.bar.update(Math.round(done * STEPS), { events });
      return;
    }
    const now = performance.now();
    if (now - this.saidAt < LINE_EVERY_MS) return;
    this.saidAt = now;
    const percent = done === undefined ? '' : `, ${Math.round(done * 100)} %`;
    this.terminal.complain(`${this.name}: ${events} events read${percent}`);
  }

  end(): void {
    this.bar?.stop();
  }
}

function share(from: number, at: number, to: number): number {
  return to <= from ? 1 : Math.min(Math.max((at - from) / (to - from), 0), 1);
}
