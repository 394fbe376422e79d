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
  /** Cut the connection in the middle of the body of the answer. */
  readonly cutBody?: boolean;
  /** Send the body of the answer byte by byte, with this many milliseconds before each. */
  readonly trickleMs?: number;
  /** Answer as usual, this many milliseconds late. */
  readonly delayMs?: number;
  /** The request takes effect first and the fault comes after, so the sender cannot know its outcome. */
  readonly afterEffect?: boolean;
  /** Only requests whose path holds this text meet it. */
  readonly path?: string;
  /** Only requests with this method meet it: `POST`. */
  readonly method?: string;
  /** How many requests meet it; 1 unless told otherwise. */
  readonly times?: number;
}

/** The faults that are still to come, in the order they were asked for. */
export class FaultQueue<F extends { readonly times?: number } = Fault> {
  private waiting: { readonly fault: F; left: number }[] = [];

  add(fault: F): void {
    this.waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** The first fault that `meets` holds for, used up by one. */
  take(meets: (fault: F) => boolean = () => true): F | undefined {
    const next = this.waiting.find(({ fault }) => meets(fault));
    if (next === undefined) return undefined;
    next.left -= 1;
    this.waiting = this.waiting.filter(({ left }) => left > 0);
    return next.fault;
  }

  clear(): void {
    this.waiting = [];
  }
}
