import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

const LINE_EVERY_MS = 5_000;

/** How far something has come: a bar for people at a terminal, else a line now and then. */
export class Progress {
  private readonly bar: SingleBar | undefined;
  private toldAt = performance.now();

  /** `total`: undefined when nobody knows how much there is. */
  constructor(
    private readonly terminal: Pick<Terminal, 'complain'>,
    private readonly total: number | undefined,
    screen: NodeJS.WriteStream = process.stderr,
  ) {
    if (!screen.isTTY || total === undefined) return;
    this.bar = new SingleBar({
      format: '{bar} {percentage} %  {detail}  {eta_formatted} left',
      stream: screen,
      clearOnComplete: true,
      hideCursor: true,
      etaBuffer: 100,
      // Ctrl-C is the command's business.
      gracefulExit: false,
    });
    this.bar.start(total, 0, { detail: '' });
  }

  show(done: number, detail: string): void {
    this.bar?.update(done, { detail });
    const now = performance.now();
    if (this.bar !== undefined || now - this.toldAt < LINE_EVERY_MS) return;
    this.toldAt = now;
    const part = this.total === undefined ? '' : `${Math.floor((done * 100) / Math.max(1, this.total))} %: `;
    this.terminal.complain(`${part}${detail}`);
  }

  stop(): void {
    this.bar?.stop();
  }
}
