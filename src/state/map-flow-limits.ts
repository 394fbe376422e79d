import type { Bound, Holding, Passage } from '../contracts/flow.js';
import type { Reference } from './map-flow-owners.js';

interface Acting {
  readonly passage: Passage;
  /** Of the passage. */
  readonly id: string;
  readonly now: number;
  /** With whom it acts. */
  readonly together: readonly Reference[];
}

/** What rules with a limit did, and those that are held, in maps. */
export class MapLimits {
  private readonly holdings = new Map<string, Holding>();
  /** When each firing or person counted last, by what is counted and the rule. */
  private readonly counts = new Map<string, Map<string, number>>();

  /** Undefined when the rule may act; then that is counted. */
  holdingOf(acting: Acting): (Holding & { readonly began?: true }) | undefined {
    const { passage, id, now } = acting;
    const { ruleId, limit } = passage;
    const known = this.holdings.get(ruleId);
    if (limit === undefined || known !== undefined) return limit && known;
    const counted = limit.bounds.map((bound) => ({
      bound,
      members: membersOf(bound, acting),
      count: this.countOf(`${bound.counts}:${ruleId}`, now - limit.withinMs),
    }));
    const beyond = counted.find(
      ({ bound, members, count }) => new Set([...count.keys(), ...members]).size > bound.most,
    );
    if (beyond === undefined) {
      for (const { members, count } of counted) for (const member of members) count.set(member, now);
      return undefined;
    }
    const holding: Holding = { id, reason: beyond.bound.reason, since: now };
    this.holdings.set(ruleId, holding);
    return { ...holding, began: true };
  }

  private countOf(name: string, since: number): Map<string, number> {
    const recent = [...(this.counts.get(name) ?? [])].filter(([, time]) => time > since);
    const count = new Map(recent);
    this.counts.set(name, count);
    return count;
  }
}

function membersOf({ counts }: Bound, { passage, together }: Acting): readonly string[] {
  if (counts === 'firings') return [passage.kept.event.id];
  return [...(passage.limit?.people ?? []), ...together.flatMap(({ lead }) => lead ?? [])];
}
