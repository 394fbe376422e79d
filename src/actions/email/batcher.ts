/** At least one. */
export type Some<T> = readonly [T, ...T[]];

/** One who waits for what is done together. */
interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
}

interface Group<T, R> {
  readonly waiting: [Waiting<T, R>, ...Waiting<T, R>[]];
  readonly timer: NodeJS.Timeout;
}

/** Gathers what comes within a short time, in groups, and has each group done at once. */
export class Batcher<T, R> {
  private readonly groups = new Map<string, Group<T, R>>();

  /** @param act called with `most` items at most; each of them gets its result, or its failure */
  constructor(
    private readonly act: (items: Some<T>) => Promise<R>,
    private readonly waitMs: number,
    private readonly most: number,
  ) {}

  /** Resolves with what came of its group. */
  add(name: string, item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const group = this.groups.get(name);
      if (group === undefined) this.open(name, waiting);
      else group.waiting.push(waiting);
      if (group?.waiting.length === this.most) void this.close(name, group);
    });
  }

  private open(name: string, first: Waiting<T, R>): void {
    const timer = setTimeout(() => void this.close(name, group), this.waitMs);
    const group: Group<T, R> = { waiting: [first], timer };
    this.groups.set(name, group);
  }

  private async close(name: string, { waiting, timer }: Group<T, R>): Promise<void> {
    clearTimeout(timer);
    this.groups.delete(name);
    const [first, ...others] = waiting;
    try {
      const result = await this.act([first.item, ...others.map(({ item }) => item)]);
      for (const { resolve } of waiting) resolve(result);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
