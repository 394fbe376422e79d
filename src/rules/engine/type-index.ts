import { chooseAccess, type AccessPredicate } from './access-predicate.js';
import { buildLookUp } from './build-look-up.js';
import {
  conjunctsOf,
  settleAll,
  type CompiledCondition,
  type Read,
  type Settle,
} from './compiled-condition.js';
import type { Criterion } from './criterion.js';
import type { FactScope } from './facts.js';
import type { View } from './fact-views.js';
import type { LookUp, Visitor } from './look-up.js';

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

/** An item as an index finds it. */
interface Candidate<T> {
  /** Place of the item in the stable order of answers. */
  readonly order: number;
  readonly item: T;
  /** What is left to settle when it was found. */
  readonly settle: Settle;
}

/** A fact of the event, and those that are found by it. */
interface Way<T> {
  readonly read: Read;
  readonly view: View;
  readonly lookUp: LookUp<Candidate<T>>;
}

/** A way while it is laid. */
interface Draft<T> extends Pick<Way<T>, 'read' | 'view'> {
  readonly entries: (readonly [Criterion, Candidate<T>])[];
}

const NONE: Matches<never> = { matched: [], pending: [] };

/** Those that concern events of one type, found by their access predicates. */
export class TypeIndex<T extends Indexed> {
  private readonly ways: readonly Way<T>[];
  /** Those without an access predicate: tried at every event. */
  private readonly tried: readonly Candidate<T>[];

  /** `items` in the order in which answers shall come. */
  constructor(readonly items: readonly T[]) {
    const access = chooseAccess(items.map(({ condition }) => condition));
    const tried: Candidate<T>[] = [];
    const drafts = new Map<string, Draft<T>>();
    items.forEach((item, order) => {
      const predicate = access[order];
      const candidate = { order, item, settle: whatIsLeft(item.condition, predicate?.answered) };
      if (predicate === undefined) tried.push(candidate);
      else draftFor(predicate, drafts).entries.push([predicate.access.criterion, candidate]);
    });
    this.ways = [...drafts.values()].map(({ read, view, entries }) => {
      return { read, view, lookUp: buildLookUp(entries) };
    });
    this.tried = tried;
  }

  match(scope: FactScope, onError: OnError<T>): Matches<T> {
    // Most types of events concern no rule.
    if (this.items.length === 0) return NONE;
    const trial = new Trial(scope, onError);
    for (const { read, view, lookUp } of this.ways) lookUp.find(view.of(read(scope)), trial);
    for (const candidate of this.tried) trial.visit(candidate);
    return trial.inOrder();
  }
}

/** Settles the candidates of one event. */
class Trial<T> implements Visitor<Candidate<T>> {
  private matched: Candidate<T>[] | undefined;
  private pending: Candidate<T>[] | undefined;

  constructor(
    private readonly scope: FactScope,
    private readonly onError: OnError<T>,
  ) {}

  visit(candidate: Candidate<T>): void {
    try {
      const verdict = candidate.settle(this.scope);
      if (verdict === true) (this.matched ??= []).push(candidate);
      else if (verdict === undefined) (this.pending ??= []).push(candidate);
    } catch (error) {
      this.onError(candidate.item, error);
    }
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

function whatIsLeft(condition: CompiledCondition, answered: CompiledCondition | undefined): Settle {
  if (answered === undefined) return condition.settle;
  return settleAll(conjunctsOf(condition).filter((each) => each !== answered));
}

function draftFor<T>({ lookUp, access }: AccessPredicate, drafts: Map<string, Draft<T>>): Draft<T> {
  const { read, criterion } = access;
  const draft = drafts.get(lookUp) ?? { read, view: criterion.view, entries: [] };
  drafts.set(lookUp, draft);
  return draft;
}
