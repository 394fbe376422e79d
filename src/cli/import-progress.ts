import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

const LINE_EVERY_MS = 5_000;
const MEGABYTE = 1_048_576;

/** How far something with a known or unknown end has come: a bar for people at a terminal, else a line now and then. */
export class ImportProgress {
  private readonly bar: SingleBar | undefined;
  private readonly began = performance.now();
  private toldAt = performance.now();

  /** `bytes`: of everything that is read; undefined when nobody knows. */
  constructor(
    private readonly terminal: Pick<Terminal, 'complain'>,
    private readonly bytes: number | undefined,
    screen: NodeJS.WriteStream = process.stderr,
  ) {
    if (!screen.isTTY || bytes === undefined) return;
    const format = '{bar} {percentage} %  {rows} rows, {rate} a second  {eta_formatted} left';
    this.bar = new SingleBar({
      format,
      stream: screen,
      clearOnComplete: true,
      hideCursor: true,
      etaBuffer: 100,
      // Ctrl-C is the command's business.
      gracefulExit: false,
    });
    this.bar.start(bytes, 0, { rows: '0', rate: '0' });
  }

  show(bytes: number, rows: number): void {
    const now = performance.now();
    const rate = Math.round((rows * 1_000) / Math.max(1, now - this.began));
    this.bar?.update(bytes, { rows: whole(rows), rate: whole(rate) });
    if (this.bar !== undefined || now - this.toldAt < LINE_EVERY_MS) return;
    this.toldAt = now;
    const part =
      this.bytes === undefined
        ? `${Math.round(bytes / MEGABYTE)} MB`
        : `${Math.floor((bytes * 100) / Math.max(1, this.bytes))} %`;
    this.terminal.complain(`${part}: ${whole(rows)} rows, ${whole(rate)} a second`);
  }

  stop(): void {
    this.bar?.stop();
  }
}

export function whole(value: number): string {
  return value.toLocaleString('en-US');
}
