const MAX_BODIES = 100;
const MAX_BYTES = 512 * 1024;

/** Bodies that are stored by one write, and the answer that all of them wait for. */
export class Group {
  readonly bodies: Buffer[] = [];
  /** Settles when the bodies are durable, when they could not be stored, or when the time is up. */
  readonly stored: Promise<void>;
  readonly receivedAt: string;
  bytes = 0;
  private settle!: { resolve: () => void; reject: (error: unknown) => void };

  /** `waitMs` counts from the first body, so that no body waits longer. */
  constructor(receivedAt: number, waitMs: number) {
    this.receivedAt = new Date(receivedAt).toISOString();
    this.stored = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    const timer = setTimeout(() => {
      this.settle.reject(new Error(`not stored within ${waitMs} ms`));
    }, waitMs);
    const stop = (): void => {
      clearTimeout(timer);
    };
    this.stored.then(stop, stop);
  }

  get isFull(): boolean {
    return this.bodies.length >= MAX_BODIES || this.bytes >= MAX_BYTES;
  }

  add(body: Buffer): void {
    this.bodies.push(body);
    this.bytes += body.length;
  }

  /** Takes the outcome of the write. */
  settleWith(write: Promise<void>): void {
    write.then(this.settle.resolve, this.settle.reject);
  }
}
