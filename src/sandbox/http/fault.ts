/** A failure that a test asks for: what the next requests to a stand-in meet instead of the usual answer. */
export interface Fault {
  /** Answer with this status; `body` and `headers` go with it. */
  readonly httpStatus?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Take the request and never answer. */
  readonly hang?: boolean;
  /** Cut the connection without an answer. */
  readonly reset?: boolean;
  /** Answer as usual, this many milliseconds late. */
  readonly delayMs?: number;
  /** The request takes effect first and the fault comes after, so the sender cannot know its outcome. */
  readonly afterEffect?: boolean;
  /** How many requests meet it; 1 unless told otherwise. */
  readonly times?: number;
}

/** The faults that are still to come, in the order they were asked for. */
export class FaultQueue<F extends Fault = Fault> {
  private readonly waiting: { readonly fault: F; left: number }[] = [];

  add(fault: F): void {
    this.waiting.push({ fault, left: fault.times ?? 1 });
  }

  take(): F | undefined {
    const next = this.waiting[0];
    if (next === undefined) return undefined;
    next.left -= 1;
    if (next.left <= 0) this.waiting.shift();
    return next.fault;
  }

  clear(): void {
    this.waiting.length = 0;
  }
}
