import { chooseAccess, type AccessPredicate } from './access-predicate.js';
import {
  conjunctsOf,
  settleAll,
  type CompiledCondition,
  type Read,
  type Settle,
} from './compiled-condition.js';
import type { FactScope } from './facts.js';

/** Something that concerns events of some types on which a condition holds: a rule, a series, the end of a sequence. */
export interface Indexed {
  /** Short names of event types, or patterns. */
  readonly on: readonly string[];
  readonly condition: CompiledCondition;
}

/** Told of one whose evaluation threw; it counts as not matching. */
export type OnError<T> = (item: T, error: unknown) => void;

/** Those whose conditions hold, and those of which the event alone does not tell. Both in the stable order. */
export interface Matches<T> {
  readonly matched: readonly T[];
  readonly pending: readonly T[];
}

/** An item as it stands in a bucket: what is left to settle when the bucket's value was met. */
interface Candidate<T> {
  /** Place of the item in the stable order of answers. */
  readonly order: number;
  readonly item: T;
  readonly settle: Settle;
}

/** One fact and path, and the candidates by the value that it must have. */
interface LookUp<T> {
  readonly read: Read;
  readonly buckets: Map<unknown, Candidate<T>[]>;
}

const NONE: Matches<never> = { matched: [], pending: [] };

/** Those that concern events of one type, found by their access predicates. */
export class TypeIndex<T extends Indexed> {
  private readonly lookUps: readonly LookUp<T>[];
  /** Those without an access predicate: tried at every event. */
  private readonly tried: readonly Candidate<T>[];

  /** `items` in the order in which answers shall come. */
  constructor(readonly items: readonly T[]) {
    const lookUps = new Map<string, LookUp<T>>();
    const tried: Candidate<T>[] = [];
    const access = chooseAccess(items.map(({ condition }) => condition));
    items.forEach((item, order) => {
      const predicate = access[order];
      if (predicate === undefined) tried.push({ order, item, settle: item.condition.settle });
      else addTo(lookUps, predicate, { order, item, settle: remainder(item.condition, predicate) });
    });
    this.lookUps = [...lookUps.values()];
    this.tried = tried;
  }

  get isEmpty(): boolean {
    return this.lookUps.length === 0 && this.tried.length === 0;
  }

  match(scope: FactScope, onError: OnError<T>): Matches<T> {
    const found = new Found<T>();
    for (const { read, buckets } of this.lookUps) {
      const bucket = buckets.get(read(scope));
      if (bucket !== undefined) tryEach(bucket, scope, onError, found);
    }
    tryEach(this.tried, scope, onError, found);
    return found.inOrder();
  }
}

class Found<T> {
  private matched: Candidate<T>[] | undefined;
  private pending: Candidate<T>[] | undefined;

  add(candidate: Candidate<T>, verdict: true | undefined): void {
    if (verdict === true) (this.matched ??= []).push(candidate);
    else (this.pending ??= []).push(candidate);
  }

  inOrder(): Matches<T> {
    const { matched, pending } = this;
    if (matched === undefined && pending === undefined) return NONE;
    return { matched: itemsOf(matched), pending: itemsOf(pending) };
  }
}

function itemsOf<T>(candidates: Candidate<T>[] | undefined): readonly T[] {
  return candidates?.sort((a, b) => a.order - b.order).map(({ item }) => item) ?? [];
}

function tryEach<T>(
  candidates: readonly Candidate<T>[],
  scope: FactScope,
  onError: OnError<T>,
  found: Found<T>,
): void {
  for (const candidate of candidates) {
    try {
      const verdict = candidate.settle(scope);
      if (verdict !== false) found.add(candidate, verdict);
    } catch (error) {
      onError(candidate.item, error);
    }
  }
}

function addTo<T>(
  lookUps: Map<string, LookUp<T>>,
  { equality }: AccessPredicate,
  candidate: Candidate<T>,
): void {
  const lookUp = lookUps.get(equality.key) ?? {
    read: equality.read,
    buckets: new Map<unknown, Candidate<T>[]>(),
  };
  lookUps.set(equality.key, lookUp);
  for (const value of equality.values) {
    const bucket = lookUp.buckets.get(value);
    if (bucket === undefined) lookUp.buckets.set(value, [candidate]);
    else bucket.push(candidate);
  }
}

function remainder(condition: CompiledCondition, answered: AccessPredicate): Settle {
  return settleAll(conjunctsOf(condition).filter((conjunct) => conjunct !== answered));
}
