/** What asking gave. `good` answers are kept apart: those that anybody can cause never push them out. */
export interface Found<V> {
  readonly value: V;
  readonly keepMs: number;
  readonly good: boolean;
}

export interface LookupLimits {
  readonly good: number;
  readonly others: number;
  /** Questions under way at once. */
  readonly atOnce: number;
  /** Questions in a second about what was never found good; as many as `burst` may come together. */
  readonly perSecond: number;
  readonly burst: number;
}

interface Kept<V> {
  readonly value: V;
  readonly until: number;
}

/**
 * Asks another server about things that strangers can name, and remembers what it said. One question a name is under
 * way at a time, memory is bounded, and so is what made-up names cost both sides. A name that was good before has its
 * turn whatever others make up.
 */
export class Lookup<V> {
  private readonly good = new Map<string, Kept<V>>();
  private readonly others = new Map<string, Kept<V>>();
  private readonly underWay = new Map<string, Promise<V>>();
  private tokens: number;
  private filledAt = performance.now();

  /** `busy` is the answer when nothing is known and nobody may be asked now. */
  constructor(
    private readonly limits: LookupLimits,
    private readonly busy: V,
  ) {
    this.tokens = limits.burst;
  }

  /** The answer, from memory where that is fresh. `ask` must not reject. */
  get(name: string, ask: () => Promise<Found<V>>): V | Promise<V> {
    const now = performance.now();
    const good = this.good.get(name);
    if (good !== undefined) remember(this.good, name, good, this.limits.good);
    const kept = good !== undefined && good.until > now ? good : this.others.get(name);
    if (kept !== undefined && kept.until > now) return kept.value;
    const asked = this.underWay.get(name);
    if (asked !== undefined) return asked;
    if (good === undefined && !this.mayAsk(now)) return this.busy;
    const asking = this.find(name, ask);
    this.underWay.set(name, asking);
    return asking;
  }

  private async find(name: string, ask: () => Promise<Found<V>>): Promise<V> {
    try {
      const { value, keepMs, good } = await ask();
      const kept = { value, until: performance.now() + keepMs };
      if (good) remember(this.good, name, kept, this.limits.good);
      else remember(this.others, name, kept, this.limits.others);
      return value;
    } finally {
      this.underWay.delete(name);
    }
  }

  private mayAsk(now: number): boolean {
    const { atOnce, perSecond, burst } = this.limits;
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1_000) * perSecond);
    this.filledAt = now;
    if (this.underWay.size >= atOnce || this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** A map in order of insertion is enough of a cache here: what was not used for the longest time goes first. */
function remember<V>(map: Map<string, V>, name: string, value: V, most: number): void {
  map.delete(name);
  map.set(name, value);
  const oldest = map.keys().next();
  if (map.size > most && oldest.done !== true) map.delete(oldest.value);
}
