import type { Criterion } from './criterion.js';

/** How the rules of one type use one look-up: what it costs, and how rarely it finds one of them. */
export class AccessUsage {
  private rules = 0;
  /** Every value, prefix or end of a range that a rule names. */
  private readonly named = new Set<unknown>();
  private readonly lengths = new Set<number>();
  private ranks: ReadonlyMap<unknown, number> | undefined;

  note(criterion: Criterion): void {
    this.rules += 1;
    for (const point of pointsOf(criterion)) this.named.add(point);
    if (criterion.kind === 'begins with') this.lengths.add(criterion.prefix.length);
  }

  /** A rule's part of the look-up's cost, and of its being tried; in evaluations of one condition for each event. */
  cost(criterion: Criterion): number {
    return this.lookUpCost(criterion) / this.rules + this.chance(criterion);
  }

  private lookUpCost({ kind }: Criterion): number {
    if (kind === 'one of') return 1;
    return kind === 'begins with' ? this.lengths.size : Math.log2(1 + this.rules);
  }

  /** As if events had any of the named values as often as any other, and now and then none of them. */
  private chance(criterion: Criterion): number {
    const { size } = this.named;
    if (criterion.kind !== 'in range') return pointsOf(criterion).length / (size + 1);
    return this.gapsWithin(criterion.low, criterion.high) / (size + 2);
  }

  /** How many of the gaps between neighbouring ends lie in a range. */
  private gapsWithin(low: number, high: number): number {
    this.ranks ??= ranksOf(this.named as ReadonlySet<number>);
    const first = this.ranks.get(low) ?? -1;
    const last = this.ranks.get(high) ?? this.named.size;
    return Math.max(1, last - first);
  }
}

function pointsOf(criterion: Criterion): readonly unknown[] {
  switch (criterion.kind) {
    case 'one of':
      return criterion.values;
    case 'begins with':
      return [criterion.prefix];
    case 'in range':
      return [criterion.low, criterion.high].filter(Number.isFinite);
  }
}

function ranksOf(ends: ReadonlySet<number>): ReadonlyMap<number, number> {
  const sorted = [...ends].sort((a, b) => a - b);
  return new Map(sorted.map((end, rank) => [end, rank]));
}
