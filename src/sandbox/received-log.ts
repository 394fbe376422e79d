interface Waiter<T> {
  readonly met: (entries: readonly T[]) => boolean;
  readonly resolve: (entries: readonly T[]) => void;
}

/** What a stand-in received, oldest first. Keeps the newest `limit` entries. */
export class ReceivedLog<T> {
  private readonly entries: T[] = [];
  private readonly waiters = new Set<Waiter<T>>();

  constructor(private readonly limit = 10_000) {}

  add(entry: T): void {
    this.entries.push(entry);
    if (this.entries.length > this.limit) this.entries.shift();
    for (const waiter of [...this.waiters]) {
      if (waiter.met(this.entries)) waiter.resolve(this.entries);
    }
  }

  all(): readonly T[] {
    return this.entries;
  }

  get last(): T | undefined {
    return this.entries.at(-1);
  }

  get size(): number {
    return this.entries.length;
  }

  clear(): void {
    this.entries.length = 0;
  }

  /** Resolves when `met` holds, at once if it already does; rejects after `timeoutMs`. */
  async waitFor(met: (entries: readonly T[]) => boolean, timeoutMs = 5_000): Promise<readonly T[]> {
    if (met(this.entries)) return this.entries;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(new Error(`Not met after ${timeoutMs} ms; ${this.entries.length} received.`));
      }, timeoutMs);
      const waiter: Waiter<T> = {
        met,
        resolve: (entries) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(entries);
        },
      };
      this.waiters.add(waiter);
    });
  }

  /** Resolves when at least `count` entries are there. */
  async waitForCount(count: number, timeoutMs?: number): Promise<readonly T[]> {
    return this.waitFor((entries) => entries.length >= count, timeoutMs);
  }
}
