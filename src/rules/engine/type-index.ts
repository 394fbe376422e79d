import { chooseAccess, type AccessPredicate } from './access-predicate.js';
import { conjunction, type Read, type Test } from './compiled-condition.js';
import type { CompiledRule } from './compile-rule.js';
import type { FactScope } from './facts.js';

/** Told of a rule whose evaluation threw; the rule counts as not matching. */
export type OnRuleError = (rule: CompiledRule, error: unknown) => void;

/** A rule as it stands in a bucket: what is left to test when the bucket's value was met. */
interface Candidate {
  /** Place of the rule in the stable order of answers. */
  readonly order: number;
  readonly rule: CompiledRule;
  readonly test: Test;
}

/** One fact and path, and the candidates by the value that it must have. */
interface LookUp {
  readonly read: Read;
  readonly buckets: Map<unknown, Candidate[]>;
}

const NONE: readonly CompiledRule[] = [];

/** The rules that concern events of one type, found by their access predicates. */
export class TypeIndex {
  private readonly lookUps: readonly LookUp[];
  /** Rules without an access predicate: tried at every event. */
  private readonly tried: readonly Candidate[];

  /** `rules` in the order in which answers shall come. */
  constructor(rules: readonly CompiledRule[]) {
    const lookUps = new Map<string, LookUp>();
    const tried: Candidate[] = [];
    const access = chooseAccess(rules);
    rules.forEach((rule, order) => {
      const predicate = access[order];
      if (predicate === undefined) tried.push({ order, rule, test: rule.test });
      else addTo(lookUps, predicate, { order, rule, test: remainder(rule, predicate) });
    });
    this.lookUps = [...lookUps.values()];
    this.tried = tried;
  }

  get isEmpty(): boolean {
    return this.lookUps.length === 0 && this.tried.length === 0;
  }

  /** The rules whose conditions hold. */
  match(scope: FactScope, onError: OnRuleError): readonly CompiledRule[] {
    const found: Candidate[] = [];
    for (const { read, buckets } of this.lookUps) {
      const bucket = buckets.get(read(scope));
      if (bucket !== undefined) tryEach(bucket, scope, onError, found);
    }
    tryEach(this.tried, scope, onError, found);
    if (found.length === 0) return NONE;
    return found.sort((a, b) => a.order - b.order).map(({ rule }) => rule);
  }
}

function tryEach(
  candidates: readonly Candidate[],
  scope: FactScope,
  onError: OnRuleError,
  found: Candidate[],
): void {
  for (const candidate of candidates) {
    try {
      if (candidate.test(scope)) found.push(candidate);
    } catch (error) {
      onError(candidate.rule, error);
    }
  }
}

function addTo(lookUps: Map<string, LookUp>, { equality }: AccessPredicate, candidate: Candidate): void {
  const lookUp = lookUps.get(equality.key) ?? {
    read: equality.read,
    buckets: new Map<unknown, Candidate[]>(),
  };
  lookUps.set(equality.key, lookUp);
  for (const value of equality.values) {
    const bucket = lookUp.buckets.get(value);
    if (bucket === undefined) lookUp.buckets.set(value, [candidate]);
    else bucket.push(candidate);
  }
}

function remainder({ conjuncts }: CompiledRule, answered: AccessPredicate): Test {
  return conjunction(conjuncts.filter((conjunct) => conjunct !== answered).map(({ test }) => test));
}
