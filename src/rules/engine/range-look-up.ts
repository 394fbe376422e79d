import type { InRange } from './criterion.js';
import type { LookUp, Visitor } from './look-up.js';

/**
 * A balanced search tree of ranges, laid out flat: the middle of a stretch is its root, what is left and right of it
 * are its two subtrees. They are sorted by their lower ends, and of each subtree is known how far up it reaches; so
 * whole subtrees are passed over that end below a point or begin above it.
 */
export class RangeLookUp<C> implements LookUp<C> {
  private readonly candidates: readonly C[];
  private readonly lows: Float64Array;
  private readonly highs: Float64Array;
  /** The highest end of the subtree whose root is here. */
  private readonly reaches: Float64Array;

  constructor(entries: readonly (readonly [range: InRange, candidate: C])[]) {
    const sorted = [...entries].sort(([a], [b]) => compare(a.low, b.low) || compare(a.high, b.high));
    this.candidates = sorted.map(([, candidate]) => candidate);
    this.lows = Float64Array.from(sorted, ([{ low }]) => low);
    this.highs = Float64Array.from(sorted, ([{ high }]) => high);
    this.reaches = new Float64Array(sorted.length);
    this.measureReach(0, sorted.length);
  }

  find(fact: unknown, visitor: Visitor<C>): void {
    this.findBetween(0, this.candidates.length, fact as number, visitor);
  }

  private measureReach(from: number, to: number): number {
    if (from === to) return -Infinity;
    const root = (from + to) >>> 1;
    const reach = Math.max(
      this.highs[root] as number,
      this.measureReach(from, root),
      this.measureReach(root + 1, to),
    );
    this.reaches[root] = reach;
    return reach;
  }

  /** A point that is no number reaches nothing. */
  private findBetween(from: number, to: number, point: number, visitor: Visitor<C>): void {
    if (from === to) return;
    const root = (from + to) >>> 1;
    if (!((this.reaches[root] as number) >= point)) return;
    this.findBetween(from, root, point, visitor);
    if ((this.lows[root] as number) > point) return;
    if ((this.highs[root] as number) >= point) visitor.visit(this.candidates[root] as C);
    this.findBetween(root + 1, to, point, visitor);
  }
}

/** By subtraction, two infinite ends would not compare. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
