import type { FlowPlace, HeldBack, Kept, Passage, Ripe } from '../contracts/flow.js';
import { NO_TURNS, type ThrottleState } from './map-flow-gates.js';

/** What is kept of an event: with whom, and under which id. */
export interface Reference {
  readonly owner: string;
  readonly id: string;
  /** The person whom it is about. */
  readonly lead?: string;
}

export interface FirstPart extends Reference {
  readonly event: string;
  readonly time: number;
  readonly ends: number;
}

export interface Wait {
  readonly id: string;
  readonly place: FlowPlace;
  readonly ruleId: string;
  readonly step: Ripe['step'];
  readonly due: number;
  readonly members: readonly Reference[];
  readonly heldBack: HeldBack;
  readonly follow?: Reference;
  readonly lent?: true;
}

/** What an owner has: by the field of the place, waits and what is kept by id. */
class Owner {
  readonly parts = new Map<string, readonly FirstPart[]>();
  readonly throttles = new Map<string, ThrottleState>();
  readonly announcements = new Map<string, readonly number[]>();
  /** Ids of the waits of groups that take new members. */
  readonly groups = new Map<string, string>();
  readonly waits = new Map<string, Wait>();
  readonly kept = new Map<string, Kept>();

  /** What this one has already stays as it is. */
  take(from: Owner): void {
    add(this.parts, from.parts);
    add(this.throttles, from.throttles);
    add(this.announcements, from.announcements);
    add(this.groups, from.groups);
    add(this.waits, from.waits);
    add(this.kept, from.kept);
  }
}

/** The owners of flows in maps. */
export class MapOwners {
  private readonly owners = new Map<string, Owner>();
  private readonly successors = new Map<string, string>();

  at(name: string): Owner {
    const owner = this.owners.get(name) ?? new Owner();
    this.owners.set(name, owner);
    return owner;
  }

  throttleAt({ owner, field }: FlowPlace): ThrottleState {
    return this.at(owner).throttles.get(field) ?? NO_TURNS;
  }

  partsAt({ owner, field }: FlowPlace): readonly FirstPart[] {
    return this.at(owner).parts.get(field) ?? [];
  }

  putParts({ owner, field }: FlowPlace, parts: readonly FirstPart[]): void {
    if (parts.length > 0) this.at(owner).parts.set(field, parts);
    else this.at(owner).parts.delete(field);
  }

  announcementsAt({ owner, field }: FlowPlace): readonly number[] {
    return this.at(owner).announcements.get(field) ?? [];
  }

  hasEnded(name: string): boolean {
    return this.successors.has(name);
  }

  /** Who has now what this owner had; undefined when it was erased. */
  living(name: string): string | undefined {
    const successor = this.successors.get(name);
    if (successor === undefined) return name;
    return successor === '' ? undefined : this.living(successor);
  }

  /** It was merged into another or, with an empty text, erased. */
  end(name: string, into: string): void {
    const heir = into === '' ? undefined : this.living(into);
    if (this.hasEnded(name) || heir === name) return;
    if (heir !== undefined) this.at(heir).take(this.at(name));
    this.owners.delete(name);
    this.successors.set(name, heir ?? '');
  }

  /** Nothing is kept with who was erased or merged, nor of a person who was erased. */
  mayWait({ lead }: Passage, { owner }: FlowPlace): boolean {
    return !this.hasEnded(owner) && this.living(lead ?? owner) !== undefined;
  }

  /** Only where `mayWait` says so. */
  keep({ kept, lead }: Passage, place: FlowPlace, id: string): Reference {
    const owner = this.living(lead ?? place.owner) ?? place.owner;
    this.at(owner).kept.set(id, kept);
    return { owner, id, ...(lead === undefined ? {} : { lead }) };
  }

  recall({ owner, id }: Reference): Kept | undefined {
    const home = this.living(owner);
    return home === undefined ? undefined : this.at(home).kept.get(id);
  }

  recallAll(references: readonly Reference[]): Kept[] {
    return references.map((reference) => this.recall(reference)).filter((kept) => kept !== undefined);
  }

  forget(...references: readonly Reference[]): void {
    for (const { owner, id } of references) {
      const home = this.living(owner);
      if (home !== undefined) this.at(home).kept.delete(id);
    }
  }
}

function add<T>(into: Map<string, T>, from: ReadonlyMap<string, T>): void {
  for (const [name, value] of from) if (!into.has(name)) into.set(name, value);
}
