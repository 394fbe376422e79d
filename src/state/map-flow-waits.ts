import type { FlowPlace, Passage, Ripe } from '../contracts/flow.js';
import { LEND_MS } from './flow-limits.js';
import { NOTHING_HELD_BACK } from './flow-passage.js';
import type { MapOwners, Wait } from './map-flow-owners.js';

/** What a passage waits for, and with what. */
export type Waiting = Pick<Wait, 'step' | 'due' | 'members'> & Partial<Pick<Wait, 'heldBack' | 'follow'>>;

/** What waits for its time, in maps. */
export class MapWaits {
  /** When each wait is due or its loan ends, by its name. */
  private readonly due = new Map<
    string,
    { readonly wait: Pick<Wait, 'place' | 'id'>; readonly at: number }
  >();

  constructor(private readonly owners: MapOwners) {}

  start({ ruleId }: Passage, place: FlowPlace, id: string, waiting: Waiting): void {
    const wait = { heldBack: NOTHING_HELD_BACK, ...waiting, id, place, ruleId };
    this.owners.at(place.owner).waits.set(id, wait);
    this.due.set(nameOf(wait), { wait, at: wait.due });
  }

  /** The open group of a place. */
  groupAt({ owner, field }: FlowPlace): Wait | undefined {
    const { groups, waits } = this.owners.at(owner);
    return waits.get(groups.get(field) ?? '');
  }

  join(owner: string, group: Wait): void {
    this.owners.at(owner).waits.set(group.id, group);
  }

  find(name: string): Wait | undefined {
    const known = this.due.get(name);
    return known === undefined ? undefined : this.livingOwner(known.wait)?.waits.get(known.wait.id);
  }

  /** It ends; what it kept stays. */
  end(owner: string, id: string): void {
    const wait = this.owners.at(owner).waits.get(id);
    if (wait !== undefined) this.due.delete(nameOf(wait));
    this.owners.at(owner).waits.delete(id);
  }

  /** It ends, and what it kept is forgotten. */
  drop(name: string): void {
    const wait = this.find(name);
    if (wait !== undefined) {
      this.owners.forget(...wait.members, ...(wait.follow === undefined ? [] : [wait.follow]));
      this.livingOwner(wait)?.waits.delete(wait.id);
    }
    this.due.delete(name);
  }

  lend(now: number, limit: number): Ripe[] {
    return [...this.due]
      .filter(([, { at }]) => at <= now)
      .sort(([a, first], [b, second]) => first.at - second.at || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([name]) => this.lendOne(name, now + LEND_MS))
      .filter((ripe) => ripe !== undefined);
  }

  next(): number | undefined {
    const times = [...this.due.values()].map(({ at }) => at);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  private lendOne(name: string, loanEnds: number): Ripe | undefined {
    const wait = this.find(name);
    const meets = wait !== undefined && (wait.lent === true || this.leavePlace(wait));
    const members = meets ? this.owners.recallAll(wait.members) : [];
    if (wait === undefined || members.length === 0) {
      this.drop(name);
      return undefined;
    }
    const { id, ruleId, step, heldBack, due } = wait;
    this.livingOwner(wait)?.waits.set(id, { ...wait, lent: true });
    this.due.set(name, { wait, at: loanEnds });
    const follow = wait.follow === undefined ? undefined : this.owners.recall(wait.follow);
    return { id: name, ruleId, step, members, ...(follow && { follow }), heldBack, dueAt: due };
  }

  /** False when the place knows nothing of an absence: it was lost when two people became one. */
  private leavePlace({ id, place: { owner, field }, step }: Wait): boolean {
    const living = this.owners.living(owner) ?? owner;
    const { groups } = this.owners.at(living);
    if (step === 'gathered' && groups.get(field) === id) groups.delete(field);
    if (step !== 'absent') return true;
    const place = { owner: living, field };
    const parts = this.owners.partsAt(place);
    this.owners.putParts(
      place,
      parts.filter((part) => part.id !== id),
    );
    return parts.some((part) => part.id === id);
  }

  private livingOwner({ place }: Pick<Wait, 'place'>): ReturnType<MapOwners['at']> | undefined {
    const living = this.owners.living(place.owner);
    return living === undefined ? undefined : this.owners.at(living);
  }
}

function nameOf({ place: { owner, field }, id }: Pick<Wait, 'place' | 'id'>): string {
  return `${owner}|${field}|${id}`;
}
