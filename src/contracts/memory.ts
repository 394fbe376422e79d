/**
 * What a series keeps of each of its events: that it was (`times`), a number with it, or a value with it (a text of at
 * most 200 characters; of a longer one its hash).
 */
export type Keeps = 'times' | 'numbers' | 'values';

/** The events of one kind for one subject, in the order of their own times. Rules that ask for the same share it. */
export interface SeriesShape {
  /** Hash of what is kept, of which events and for whom; never of how long. Ten characters of base64url. */
  readonly id: string;
  readonly keeps: Keeps;
  /** How far back anybody asks, milliseconds: the longest of all who share the series. */
  readonly horizonMs: number;
  /**
   * Entries kept apart for one subject. Above it, neighbours less than `horizonMs / capacity` apart become one entry;
   * until then everything is exact.
   */
  readonly capacity: number;
}

/** One event, or several close ones that became one. */
export interface Entry {
  /** Epoch milliseconds of the event, or of the latest of several. */
  readonly time: number;
  readonly count: number;
  /** Of a series that keeps numbers. */
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  /** Of a series that keeps values. */
  readonly value?: string;
}

/** A look at one series, right after a step: every entry within the horizon, oldest first. */
export type SeriesLog = readonly Entry[];

/** What the fold of the stream knows of a person: fields by name, as they were last told. */
export type Profile = Readonly<Record<string, unknown>>;

/**
 * For whom something is kept. Everything of one owner is erased together; an owner is a lead of an instance wherever a
 * lead's id is part of the key.
 */
export interface Subject {
  /** Hash, 22 characters of base64url. */
  readonly owner: string;
  /** The rest of the key, such as the name of a field: its hash, 12 characters; empty when there is no rest. */
  readonly part: string;
}

/** One thing to note or to ask. Steps are carried out in the order in which they are given. */
export type MemoryStep =
  | {
      readonly kind: 'series';
      readonly subject: Subject;
      readonly series: SeriesShape;
      /** Event time, epoch milliseconds. */
      readonly time: number;
      /** Left out: nothing is noted, only asked. */
      readonly note?: { readonly value?: number | string };
      readonly asked: boolean;
    }
  | {
      readonly kind: 'profile';
      readonly owner: string;
      readonly time: number;
      /** Fields as this event tells them; the latest time of each field wins. */
      readonly tells?: Profile;
      /** Fields that somebody asks for. */
      readonly asked: readonly string[];
    }
  | {
      /** Everything that is kept of a subject goes, and what older events still tell of it is not taken. */
      readonly kind: 'erase';
      readonly owner: string;
      readonly time: number;
    }
  | {
      /** The memory of some subjects becomes part of another's. */
      readonly kind: 'merge';
      readonly owner: string;
      readonly from: readonly string[];
      readonly time: number;
    }
  | {
      /** The last figures of Marketo's usage for an instance. */
      readonly kind: 'usage';
      readonly munchkinId: string;
    };

/** The answer to a step, in its place; undefined for a step that asks nothing. */
export type MemoryAnswer =
  | { readonly kind: 'series'; readonly log: SeriesLog }
  | { readonly kind: 'profile'; readonly fields: Profile }
  | { readonly kind: 'usage'; readonly usage: unknown }
  | undefined;

/** Where memory is kept: in Redis for a worker, in a map for a trial. */
export interface MemoryStore {
  /**
   * Carries out the steps of a batch in one round trip. A batch that comes again, because a crash came between, notes
   * nothing twice and is answered what it was answered before.
   */
  exchange(batch: string, steps: readonly MemoryStep[]): Promise<readonly MemoryAnswer[]>;
}
