import type { Clock } from '../contracts/clock.js';
import type { Connections } from '../contracts/connections.js';
import { instanceKey } from '../contracts/munchkin-id.js';
import { marketoInstances } from './instances.js';
import type { NotedUsage, UsageBook } from './usage/usage-book.js';
import type { UsageFigures } from './usage/usage-figures.js';

const FRESH_MS = 10_000;

interface Answer {
  readonly askedAt: number;
  readonly noted: Promise<NotedUsage | undefined>;
}

/** The usage of the day as it was read last, for the judge. Redis is asked every ten seconds at most. */
export class Usage {
  private readonly instances: ReadonlySet<string>;
  private readonly answers = new Map<string, Answer>();

  constructor(
    connections: Connections,
    private readonly book: UsageBook,
    private readonly clock: Clock,
  ) {
    this.instances = new Set(marketoInstances(connections).keys());
  }

  /**
   * Without an instance, that of the only one when there is exactly one. Undefined when nothing was read of this day
   * yet, or of an instance to which no connection leads.
   */
  async of(munchkinId: string | undefined): Promise<UsageFigures | undefined> {
    const key = munchkinId === undefined ? this.onlyInstance : instanceKey(munchkinId);
    if (key === undefined || !this.instances.has(key)) return undefined;
    const noted = await this.latest(key);
    return noted === undefined || noted.day <= this.clock.now() ? undefined : noted.figures;
  }

  private get onlyInstance(): string | undefined {
    return this.instances.size === 1 ? [...this.instances][0] : undefined;
  }

  private latest(key: string): Promise<NotedUsage | undefined> {
    const now = this.clock.now();
    const known = this.answers.get(key);
    if (known !== undefined && now - known.askedAt < FRESH_MS) return known.noted;
    const noted = this.book.read(key);
    this.answers.set(key, { askedAt: now, noted });
    noted.catch(() => this.answers.delete(key));
    return noted;
  }
}
